using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Data;

/// <summary>A place in the log of a database server.</summary>
/// <param name="System">Which server's: a number that it was given when it was made.</param>
/// <param name="Timeline">Which of its histories: each recovery begins another.</param>
/// <param name="At">How many bytes were written before it.</param>
public sealed record LogPlace(string System, long Timeline, long At)
{
    /// <summary>Whether both are places in one log.</summary>
    public bool IsOfOne(LogPlace other) => System == other.System && Timeline == other.Timeline;

    /// <summary>As <see cref="TryParse"/> reads it, and with the place as PostgreSQL writes it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{System}:{Timeline}:{At >> 32:X}/{At & 0xffffffff:X8}");

    public static LogPlace? TryParse(string? text) =>
        text?.Split(':') is [var system, var timeline, var at]
        && system.Length is > 0 and <= 20
        && long.TryParse(timeline, NumberStyles.None, CultureInfo.InvariantCulture, out var history)
        && at.Split('/') is [var high, var low]
        && uint.TryParse(high, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var upper)
        && uint.TryParse(low, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lower)
        && upper <= int.MaxValue
            ? new(system, history, ((long)upper << 32) | lower)
            : null;
}

/// <summary>A piece of a server's log as it is in a repository. The newest grows until it is full; then another one begins.</summary>
public sealed record LogPiece
{
    public required Site Site { get; init; }

    public required string Database { get; init; }

    /// <summary>Of its repository.</summary>
    public required string Id { get; init; }

    public required LogPlace From { get; init; }

    /// <summary>Where the next one goes on.</summary>
    public required long To { get; init; }

    /// <summary>All that was acknowledged before this moment is in it, or in those before it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of its bytes, in hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Earlier ones that had less of the same, which may go.</summary>
    public IReadOnlyList<string> Spent { get; init; } = [];

    /// <summary>Its key among the documents.</summary>
    [JsonIgnore]
    public string Key =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Site}/{Database}/{From.System}-{From.Timeline:D10}-{From.At:x16}"
        );
}
