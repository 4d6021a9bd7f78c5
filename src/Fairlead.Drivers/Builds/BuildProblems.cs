using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>What can stand in a build's way, in words.</summary>
internal static class BuildProblems
{
    private const int DiskFull = 28;
    private const int QuotaReached = 122;

    public static Problem NoSource(BuildOrder order, string path) =>
        new(
            "build.no-source",
            What: $"The source of {order.App}/{order.Service.Name} is not there.",
            Why: $"{path} does not exist.",
            Fix: $"Set services.{order.Service.Name}.path, and its inputs, to what exists beside the manifest in {order.Source}."
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Outside(string path, string key) =>
        new(
            "build.outside",
            What: $"'{path}' lies outside the manifest's folder.",
            Why: $"{key} may only name what is beside or below fairlead.yaml.",
            Fix: "Move fairlead.yaml to a folder that holds all of the app, and set the paths from there."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem LinkLeadsOutside(string path, string? target) =>
        new(
            "build.link-outside",
            What: $"The link {path} leads out of what the service is built from.",
            Why: $"It points to '{target}', which a build elsewhere would not find and whose changes would not be seen.",
            Fix: $"Replace it by what it points to, add its target to the service's inputs as a relative link, or add '{path}' to .fairleadignore."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem TooLarge(BuildOrder order, string why) =>
        new(
            "build.source-too-large",
            What: $"The source of {order.App}/{order.Service.Name} is too large to be built.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"{why} At most {SourceScan.FilesMax} files and {SourceScan.BytesMax >> 20} MiB are taken."
            ),
            Fix: "Name what is not source in .gitignore or .fairleadignore, or set the service's path to a smaller folder."
        );

    /// <summary>Which folders hold most of it.</summary>
    public static string Sizes(IReadOnlyList<SourceFile> files)
    {
        var largest = files
            .GroupBy(file => file.Path.Split('/')[0], StringComparer.Ordinal)
            .Select(group => (group.Key, Count: group.Count(), Bytes: group.Sum(file => file.Stat.Size)))
            .OrderByDescending(group => group.Bytes)
            .Take(3);
        return string.Join(
                ", ",
                largest.Select(one =>
                    string.Create(CultureInfo.InvariantCulture, $"{one.Key}: {one.Count} files, {one.Bytes >> 20} MiB")
                )
            ) + ".";
    }

    public static Problem Unreadable(string path, string why) =>
        new(
            "build.unreadable",
            What: $"{path} cannot be read.",
            Why: why,
            Fix: $"Let Fairlead's user read it: chmod -R u+rX {path}; or name it in .fairleadignore."
        );

    public static Problem SourceChanged(BuildOrder order) =>
        new(
            "build.source-changed",
            What: $"The source of {order.App}/{order.Service.Name} changed after it was looked at.",
            Why: "What was copied for the build is not what the plan was made for.",
            Fix: $"Deploy again, once nothing writes to {order.Source}: fairlead deploy"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem CommandFailed(BuildOrder order, string command, int exitCode, BuildOutput output) =>
        new(
            "build.failed",
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"The build of {order.App}/{order.Service.Name} failed: '{command}' exited with {exitCode}."
            ),
            Why: output.FirstError ?? (output.Last is [.., var end] ? end : "It said nothing."),
            Fix: $"Mend it, and try it yourself in {Path.GetFullPath(Path.Combine(order.Source, order.Service.Path))}: {command}"
        )
        {
            Evidence = output.Last,
        };

    public static Problem TimedOut(BuildOrder order, TimeSpan limit, BuildOutput output) =>
        new(
            "build.timed-out",
            What: $"The build of {order.App}/{order.Service.Name} was ended.",
            Why: string.Create(CultureInfo.InvariantCulture, $"It took longer than {limit.TotalMinutes:0.#} minutes."),
            Fix: "See at which step it hung, below; a build must not wait for input."
        )
        {
            Trouble = Trouble.TimedOut,
            Evidence = output.Last,
        };

    public static Problem NoOutput(BuildOrder order, string folder, BuildOutput output) =>
        new(
            "build.no-output",
            What: $"The build of {order.App}/{order.Service.Name} made nothing.",
            Why: $"Its commands succeeded, but {folder} is missing or empty.",
            Fix: $"Set services.{order.Service.Name}.output in fairlead.yaml to the folder that the build writes, or let a command write to {{out}}."
        )
        {
            Evidence = output.Last,
        };

    public static Problem Disk(BuildOrder order, Exception caught) =>
        caught switch
        {
            IOException { HResult: DiskFull or QuotaReached } => new(
                "build.disk-full",
                What: $"The build of {order.App}/{order.Service.Name} ran out of disk space.",
                Why: caught.Message,
                Fix: "Free space on the disk of Fairlead's state folder (see: df -h), then deploy again: fairlead deploy"
            ),
            _ => new(
                "build.disk-failed",
                What: $"The build of {order.App}/{order.Service.Name} could not read or write a file.",
                Why: caught.Message,
                Fix: "Give Fairlead's user access to what is named above, then deploy again: fairlead deploy"
            ),
        };
}
