using System.Text.Json.Serialization;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>What a change does to callers who know the API as it was.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Impact>))]
public enum Impact
{
    /// <summary>None of them notices.</summary>
    [JsonStringEnumMemberName("safe")]
    Safe,

    /// <summary>Some may.</summary>
    [JsonStringEnumMemberName("risky")]
    Risky,

    /// <summary>What they do will fail.</summary>
    [JsonStringEnumMemberName("breaking")]
    Breaking,
}

/// <summary>One difference between two documents of an API.</summary>
/// <param name="Rule">Stable, such as <c>property-removed</c>.</param>
/// <param name="Where">Such as <c>POST /orders: request .lines[].count</c>.</param>
/// <param name="Place">In the new document; in the old one for what is gone.</param>
internal sealed record ApiChange(Impact Impact, string Rule, string Where, string What, string Why, ApiPlace Place)
{
    /// <summary>Further operations that have it from the same place.</summary>
    public int Others { get; init; }
}

/// <summary>Which way a value goes, which decides who must understand whom.</summary>
internal enum Way
{
    /// <summary>The new service must take what callers send already.</summary>
    Request,

    /// <summary>Callers must understand what the new service sends.</summary>
    Response,
}

/// <summary>Where in an API two values are compared.</summary>
/// <param name="Place">Such as <c>POST /orders: request .lines[]</c>.</param>
internal readonly record struct Seat(Way Way, string Place, int Depth)
{
    private const int LettersMax = 300;

    public bool IsRequest => Way == Way.Request;

    public Seat Below(string step) =>
        this with
        {
            Place =
                Place.Length > LettersMax ? Place
                : Place.EndsWith(' ') || Depth == 0 ? $"{Place.TrimEnd()} {step}"
                : Place + step,
            Depth = Depth + 1,
        };

    /// <summary>By the way: what narrows is breaking for what comes in, and not for what goes out.</summary>
    public Impact Narrowed => IsRequest ? Impact.Breaking : Impact.Safe;

    /// <inheritdoc cref="Narrowed"/>
    public Impact Widened => IsRequest ? Impact.Safe : Impact.Breaking;
}
