using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Releases;

/// <summary>Names one replica for ever: starting a name that runs is success, so no crash can start it twice.</summary>
/// <param name="Slot">0 for the first replica of a part.</param>
public sealed record InstanceKey(Site Site, Part Part, int Slot)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is not of that shape.</summary>
    public static InstanceKey? TryParse(string text) =>
        text.Split('_') is [var app, var environment, var service, var since, var slot]
        && Site.TryParse($"{app}/{environment}") is { } site
        && Site.IsName(service)
        && int.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new(site, new Part(service, number), index)
            : null;

    /// <summary>Safe as a file name, a cgroup name and an environment variable's value.</summary>
    public override string ToString() => $"{Site.App}_{Site.Environment}_{Part.Service}_{Part.Since}_{Slot}";
}

/// <summary>All a target needs to start a replica.</summary>
public sealed record InstanceOrder
{
    public required InstanceKey Key { get; init; }

    /// <summary>Digest of the artifact to run.</summary>
    public required string Artifact { get; init; }

    public required Service Service { get; init; }

    /// <summary>The program's whole environment beyond PATH, HOME, PORT and their like.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>It may start only when its artifact is proven to be what was built.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MustBeProven { get; init; }
}

/// <summary>A replica as it was seen.</summary>
public sealed record Instance
{
    public required InstanceKey Key { get; init; }

    public required InstanceState State { get; init; }

    /// <summary>Where it answers: <c>http://127.0.0.1:port</c>, or <c>file:///folder</c> for static files; null until known, and for workers.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Why it failed or is down.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Process id, 0 when none runs.</summary>
    public int Pid { get; init; }

    /// <summary>Starts after the first.</summary>
    public int Restarts { get; init; }

    /// <summary>How many of its kind there are is decided by the place where it runs.</summary>
    public bool IsScaledByTarget { get; init; }

    /// <summary>How a run of a job stands; null for what stays up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunSight? Run { get; init; }
}

/// <summary>A run of a job as it was seen.</summary>
/// <param name="Attempts">How often it was begun.</param>
/// <param name="Ending">How it ended; null while it runs, waits to, or is about to be tried again.</param>
public sealed record RunSight(int Attempts, RunEnding? Ending);

/// <summary>How the last attempt of a run ended.</summary>
/// <param name="ExitCode">What the program said; null where a signal or nobody ended it, or nobody saw it.</param>
/// <param name="Problem">Why it failed; null when it did what it was for.</param>
/// <param name="Lines">The last lines that it printed, at most 20.</param>
public sealed record RunEnding(int? ExitCode, Problem? Problem, DateTimeOffset At, IReadOnlyList<string> Lines);

/// <summary>A replica's life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstanceState>))]
public enum InstanceState
{
    /// <summary>Started, not healthy yet, inside its start grace.</summary>
    Starting,

    /// <summary>Healthy.</summary>
    Ready,

    /// <summary>Was healthy once; now crashed or unhealthy, and being restarted.</summary>
    Down,

    /// <summary>Never became healthy and will not be tried again.</summary>
    Failed,

    /// <summary>Told to stop.</summary>
    Stopping,

    /// <summary>A run of a job that is over; what came of it is known until it is told to stop.</summary>
    Ended,
}
