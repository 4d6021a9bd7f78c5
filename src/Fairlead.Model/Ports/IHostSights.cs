using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Looks at how the machine is set up. Reads only, and never what holds secrets.</summary>
public interface IHostSights
{
    /// <summary>The state folder, absolute.</summary>
    string State { get; }

    /// <summary>A text of the machine, of which at most 256 KiB count; null when it is missing or may not be read.</summary>
    /// <param name="path">Absolute, such as <c>/proc/sys/kernel/randomize_va_space</c>.</param>
    string? ReadText(string path);

    /// <summary>Names in a folder, sorted; null when it is missing or may not be read.</summary>
    IReadOnlyList<string>? List(string folder);

    bool Exists(string path);

    /// <summary>Files and folders in the state folder, and itself as an empty path; links are left out.</summary>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<StateFile> StateFiles(int max);

    /// <summary>The disk of the state folder; null when nothing says how large it is.</summary>
    DiskSize? Disk { get; }
}
