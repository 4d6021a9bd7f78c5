using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Passes logs on to other systems. The store is the queue: how far each has got is kept there, so nothing is lost over restarts and
/// something may come twice; what grows too old while a system is away is let go with the rest.
/// </summary>
/// <param name="open">Makes what sends, of the settings.</param>
public sealed class LogForwarder(
    IStore settings,
    ILogStore logs,
    Func<LogForwarding, ILogDestination> open,
    World world,
    ILogger log
) : IBackgroundWork
{
    /// <summary>The store's collection of forwardings, each under its name.</summary>
    public const string Collection = "log-forwardings";

    private const int RecordsMax = 1_000;
    private const int DoublingsMax = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Course> courses = [];

    public string Name => "forward-logs";

    public static async Task<IReadOnlyList<LogForwarding>> AllAsync(IStore store, CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, "", stop)).Select(Records.Read<LogForwarding>)];

    /// <summary>How it goes with one; null while nothing was tried.</summary>
    public ForwardingState? StateOf(string name)
    {
        lock (gate)
        {
            return courses.GetValueOrDefault(name)?.State;
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!await LookAsync(stop))
            {
                await Task.Delay(LookEvery, world.Clock, stop);
            }
        }
    }

    /// <summary>Sends what is there, once to each that is due.</summary>
    /// <returns>Whether there may be more at once.</returns>
    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        var wanted = await AllAsync(settings, stop);
        var due = Due(wanted);
        var more = await Task.WhenAll(due.Select(course => SendAsync(course, stop)));
        return more.Contains(true);
    }

    private List<Course> Due(IReadOnlyList<LogForwarding> wanted)
    {
        lock (gate)
        {
            foreach (var gone in courses.Keys.Except(wanted.Select(one => one.Name)).ToList())
            {
                courses.Remove(gone);
            }
            foreach (var one in wanted)
            {
                if (!courses.TryGetValue(one.Name, out var course) || course.Settings != one)
                {
                    courses[one.Name] = new Course(one, open(one));
                }
            }
            return [.. courses.Values.Where(course => course.NotBefore <= world.Now)];
        }
    }

    private async Task<bool> SendAsync(Course course, CancellationToken stop)
    {
        var place = $"forward/{course.Settings.Name}";
        course.Cursor ??= await logs.BookmarkAsync(place, stop);
        var found = await logs.TailAsync(FilterOf(course.Settings), course.Cursor, RecordsMax, stop);
        if (found.Records.Count == 0)
        {
            // From when it was set up; written down at once, so that a restart does not begin later.
            if (course.Cursor is null)
            {
                await KeepAsync(place, found.Cursor!, stop);
            }
            course.Cursor = found.Cursor;
            return false;
        }
        try
        {
            var sent = await course.Destination.SendAsync(found.Records, stop);
            if (sent.Refused > 0)
            {
                log.Refused(course.Settings.Name, sent.Refused, sent.Why!);
            }
            await KeepAsync(place, found.Cursor!, stop);
            course.Cursor = found.Cursor;
            Note(
                course,
                state =>
                    state with
                    {
                        Sent = state.Sent + found.Records.Count - sent.Refused,
                        Refused = state.Refused + sent.Refused,
                        Trouble = null,
                    }
            );
            course.Failures = 0;
            return found.Records.Count == RecordsMax;
        }
        catch (ProblemException caught)
        {
            if (course.Failures == 0)
            {
                log.NotForwarded(course.Settings.Name, caught.Problem.Why);
            }
            Note(course, state => state with { Trouble = caught.Problem.Why });
            course.NotBefore = world.Now + Pause(course.Failures++);
            return false;
        }
    }

    // Longer each time, up to four minutes, and never in step with others.
    private TimeSpan Pause(int failures) =>
        RetryDelay * Math.Pow(2, Math.Min(failures, DoublingsMax)) * (0.75 + (world.Random.NextDouble() / 2));

    private Task<LogsTaken> KeepAsync(string place, string cursor, CancellationToken stop) =>
        logs.AppendAsync(new LogBatch([]) { Bookmark = new(place, cursor) }, stop);

    private void Note(Course course, Func<ForwardingState, ForwardingState> change)
    {
        lock (gate)
        {
            course.State = change(course.State);
        }
    }

    private static LogFilter FilterOf(LogForwarding one)
    {
        (string Name, string? Value)[] labels =
        [
            (Source.AppLabel, one.App),
            (Source.EnvironmentLabel, one.Environment),
        ];
        return new()
        {
            Severity = one.Severity,
            Stream =
            [
                .. labels
                    .Where(label => label.Value is not null)
                    .Select(label => new Matcher(MatchKind.Equal, label.Name, label.Value!)),
            ],
        };
    }

    private sealed class Course(LogForwarding settings, ILogDestination destination)
    {
        public LogForwarding Settings => settings;

        public ILogDestination Destination => destination;

        public string? Cursor { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset NotBefore { get; set; }

        public ForwardingState State { get; set; } = new(0, 0, Trouble: null);
    }
}

/// <summary>How passing on goes, since the server's start.</summary>
/// <param name="Refused">Records that the other system will never take.</param>
/// <param name="Trouble">Why it does not go on; null when it does.</param>
public sealed record ForwardingState(long Sent, long Refused, string? Trouble);
