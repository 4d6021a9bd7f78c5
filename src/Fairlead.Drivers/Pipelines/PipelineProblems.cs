using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>What can go wrong around tasks, in words.</summary>
internal static class PipelineProblems
{
    public static Problem Unreadable(string path, string why) =>
        new(
            "pipeline.unreadable",
            What: $"{path} cannot be read.",
            Why: why,
            Fix: $"Let your user read it: chmod u+r {path}; or leave it out of the task's inputs and outputs with '!{Path.GetFileName(path)}'."
        );

    public static Problem CannotWatch(string root) =>
        new(
            "pipeline.cannot-watch",
            What: $"What is read in {root} cannot be watched.",
            Why: "It has more folders than your user may watch at once, or as many programs watch already as may.",
            Fix: "Allow more: sysctl fs.inotify.max_user_watches=1000000 fs.inotify.max_user_instances=1024"
        );

    public static Problem Running(int holder) =>
        new(
            "pipeline.running",
            What: "Another run goes on in this folder.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"Process {holder} runs a pipeline there, and both would write the same files."
            ),
            Fix: string.Create(CultureInfo.InvariantCulture, $"Wait for its end, or stop it: kill {holder}")
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem TooMany(string root, int filesMax) =>
        new(
            "pipeline.too-many-files",
            What: $"The globs of one task name more than {filesMax.ToString(CultureInfo.InvariantCulture)} files in {root}.",
            Why: "Each of them is read to know whether the task must be done.",
            Fix: "Name only what it reads, and take folders of packages away: '!**/node_modules'."
        );

    public static Problem OutputLeadsOut(string path, string target) =>
        new(
            "pipeline.output-leads-out",
            What: $"The output {path} is a link to {target}.",
            Why: "It leads out of the folder, so it would mean something else elsewhere.",
            Fix: "Make a file, or a link within the folder; or take it out of 'outputs'."
        );

    public static Problem CannotStart(TaskOrder order, string why) =>
        new(
            "pipeline.cannot-start",
            What: $"'{order.Words[0]}' could not be started.",
            Why: why,
            Fix: "Install it, or write how it is called; what only a shell understands belongs into 'script'."
        );

    public static Problem Unwritable(string path, string why) =>
        new(
            "pipeline.unwritable",
            What: $"{path} cannot be written.",
            Why: why,
            Fix: "Make room, or choose another state folder: --state FOLDER"
        );
}
