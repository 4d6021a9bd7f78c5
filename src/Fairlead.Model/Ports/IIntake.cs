using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>
/// Takes telemetry in the format of one tool over HTTP. What surrounds it (who may send, sizes, compression, gRPC's frames, how many
/// at once) is the face's; an intake reads what was sent, and gives it to a store.
/// </summary>
public interface IIntake
{
    /// <summary>What it answers: a method and a path, such as <c>POST /api/{project}/envelope/</c>. A slash at the end does not matter.</summary>
    IReadOnlyList<string> Routes { get; }

    /// <summary>Whether pages of any origin may send, as programs in browsers do.</summary>
    bool IsForPages => false;

    /// <summary>The sender's key where the format has a place of its own for it; null to look where HTTP has it.</summary>
    string? KeyIn(IntakeHead head) => null;

    /// <summary>Whether the key may be in the body alone. Only then is the body of someone without a key read.</summary>
    bool HasKeyInBody => false;

    /// <summary>The sender's key in the body; asked for only when it is nowhere else.</summary>
    string? KeyIn(ReadOnlyMemory<byte> body) => null;

    /// <summary>Reads what was sent and keeps it. May be called by many at once.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be read or kept: the face answers 400, or as the problem's trouble says.</exception>
    Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop);
}

/// <summary>What is known of a request before its body.</summary>
/// <param name="Method">Such as POST.</param>
/// <param name="Path">As it was asked for, such as <c>/api/7/envelope/</c>.</param>
/// <param name="Header">A header by name; null when there is none.</param>
/// <param name="Query">A value of the query by name; null when there is none.</param>
public sealed record IntakeHead(string Method, string Path, Func<string, string?> Header, Func<string, string?> Query)
{
    /// <summary>What stood for the names in the route, such as project.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Without its parameters, in lower case; empty when none was sent.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>Where it came from, for those who must know; never kept whole.</summary>
    public System.Net.IPAddress? Address { get; init; }
}

/// <summary>A request for an intake.</summary>
/// <param name="Source">Who sent it, proven by a key.</param>
/// <param name="Body">Whole and inflated, within the face's limit. Only until the intake answers.</param>
public sealed record IntakeRequest(IntakeHead Head, Source Source, ReadOnlyMemory<byte> Body);

/// <summary>What an intake answers.</summary>
/// <param name="Status">Of HTTP; for gRPC 200 is turned into OK.</param>
/// <param name="ContentType">Null without a body.</param>
public sealed record IntakeAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    public static IntakeAnswer NoContent { get; } = new(204, ContentType: null, default);

    public static IntakeAnswer Json(int status, string json) =>
        new(status, "application/json", System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Further headers, such as Retry-After.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
