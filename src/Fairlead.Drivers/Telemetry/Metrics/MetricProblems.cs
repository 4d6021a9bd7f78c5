using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>Why metrics were not kept or not found, in words.</summary>
internal static class MetricProblems
{
    public static ProblemException BadMatcher(Matcher matcher, string reason) =>
        new(
            new Problem(
                "metrics.bad-matcher",
                What: $"The expression for the label '{matcher.Name}' cannot be read.",
                Why: $"'{(matcher.Value.Length <= 200 ? matcher.Value : matcher.Value[..200])}': {reason}.",
                Fix: "Write it in RE2's syntax: no look-around, no back-references. It is compared with the whole value."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    public static ProblemException TooManySelected(int found, int most) =>
        new(
            new Problem(
                "metrics.too-many-selected",
                What: "Too many series fit.",
                Why: $"{found} series fit the matchers, at most {most} are read at once.",
                Fix: "Say more labels, or a shorter time."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    public static ProblemException InUse(string folder, int holder) =>
        new(
            new Problem(
                "metrics.in-use",
                What: $"The metrics in {folder} cannot be opened.",
                Why: holder > 0 ? $"Process {holder} has them open." : "Another process has them open.",
                Fix: "Stop that process, or give this one a state directory of its own."
            )
            {
                Trouble = Trouble.Conflict,
            }
        );

    public static ProblemException Unwritable(string folder, Exception caught) =>
        new(
            new Problem(
                "metrics.disk-failed",
                What: $"Metrics cannot be written to {folder}.",
                Why: caught.Message,
                Fix: "See the disk and who owns the folder. What was acknowledged is kept; senders try again by themselves."
            ),
            caught
        );

    /// <summary>What is counted when a sample is not taken, by its code; the reference has a line for each.</summary>
    public static class Refusals
    {
        public static readonly Problem BadLabels = new(
            "metrics.bad-labels",
            What: "Samples were refused for their labels.",
            Why: "A series had no label, more labels than are taken, a name or value that is too long, or text that is no Unicode.",
            Fix: "See the limits in docs/guides/metrics.md and shorten what is sent."
        );

        public static readonly Problem DiskFull = new(
            "metrics.disk-full",
            What: "Samples were refused because the disk is full.",
            Why: "There was not enough room left, and no older telemetry that could have made way.",
            Fix: "Make room on the disk of the state directory. Senders that try again lose nothing."
        );

        public static readonly Problem Duplicate = new(
            "metrics.duplicate",
            What: "Samples were refused because the series has another value at that time.",
            Why: "Two senders write the same series, or one sends two values with one time.",
            Fix: "Give each sender a label of its own, such as 'instance'."
        );

        public static readonly Problem TooFarAhead = new(
            "metrics.too-far-ahead",
            What: "Samples were refused because their time lies in the future.",
            Why: "The sender's clock is ahead of this machine's by more than is taken.",
            Fix: "Set both clocks: timedatectl status."
        );

        public static readonly Problem TooManySeries = new(
            "metrics.too-many-series",
            What: "Samples were refused because there are too many series.",
            Why: "As many series as are kept had samples lately, and these would have been new ones.",
            Fix: "Find the label that has very many values, and take it away where the metric is made. Or raise the limit."
        );

        public static readonly Problem TooManySeriesOfApp = new(
            "metrics.too-many-series-of-app",
            What: "Samples were refused because the app has too many series.",
            Why: "As many series of one app as are kept had samples lately, and these would have been new ones.",
            Fix: "Find the label that has very many values, and take it away where the metric is made. Or raise the limit."
        );

        public static readonly Problem TooManySeriesOfMetric = new(
            "metrics.too-many-series-of-metric",
            What: "Samples were refused because the metric has too many series.",
            Why: "A label of this metric has very many values: an id, a path or a mail address, perhaps.",
            Fix: "Take that label away where the metric is made. Or raise the limit."
        );

        public static readonly Problem TooOld = new(
            "metrics.too-old",
            What: "Samples were refused because they are too old.",
            Why: "They lie further behind the newest sample of their series than late samples may, or before what is kept.",
            Fix: "Set the sender's clock, or let it send sooner."
        );
    }
}
