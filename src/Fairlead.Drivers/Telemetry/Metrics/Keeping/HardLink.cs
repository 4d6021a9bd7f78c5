using System.Runtime.InteropServices;
using Fairlead.Drivers.Shell;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>A second name for a file.</summary>
internal static class HardLink
{
    /// <exception cref="IOException">It cannot be made: the names are on two disks, or the second is taken.</exception>
    public static void Make(string path, string second)
    {
        if (Libc.link(path, second) != 0)
        {
            throw new IOException(
                $"{second} cannot be linked to {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
        }
    }
}
