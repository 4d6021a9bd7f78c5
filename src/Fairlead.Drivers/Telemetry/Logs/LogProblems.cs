using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>What can go wrong with kept logs, in words.</summary>
internal static class LogProblems
{
    public static Problem WrongRegex(string pattern, string why) =>
        new(
            "logs.wrong-regex",
            What: $"The expression '{pattern}' cannot be used.",
            Why: why,
            Fix: "Write it as in .NET, without look-around and back-references."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem WrongCursor(string cursor) =>
        new(
            "logs.wrong-cursor",
            What: $"'{cursor}' is no place in the logs.",
            Why: "A cursor is what the page before said, as it is.",
            Fix: "Ask without a cursor to begin anew."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem TooManySteps(int max) =>
        new(
            "logs.too-many-steps",
            What: "The logs would be counted in too many steps.",
            Why: string.Create(CultureInfo.InvariantCulture, $"An answer has at most {max} steps."),
            Fix: "Take a longer step, or a shorter time."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem DiskFull(string folder, string why) =>
        new(
            "logs.disk-full",
            What: $"Logs cannot be written to {folder}.",
            Why: $"{why} All kept logs that could be let go were.",
            Fix: "Make room on the disk; senders that keep to their standard send again by themselves."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem InUse(string folder, int holder) =>
        new(
            "logs.in-use",
            What: $"The logs in {folder} cannot be opened.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"Process {holder} has them open, and only one may write them."
            ),
            Fix: string.Create(CultureInfo.InvariantCulture, $"Stop process {holder}, or use another state folder.")
        )
        {
            Trouble = Trouble.Conflict,
        };
}
