using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Sees that every request has an id and a W3C trace context: what came with it if it is sane, else one made here.</summary>
internal sealed class RequestMarks(Random chance, int samplePercent) : IDressing
{
    public const string IdHeader = "X-Request-Id";

    private const int IdLettersMax = 128;
    private const int TraceLetters = 55;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=:@"
    );
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public void Mark(Visit visit)
    {
        var headers = visit.Http.Request.Headers;
        var sent = headers[IdHeader];
        var id = sent is [{ } one] && IsId(one) ? one : null;
        var isTraced = headers.TraceParent is [{ } trace] && IsTrace(trace);
        if (id is null || !isTraced)
        {
            Make(headers, ref id, isTraced);
        }
        visit.RequestId = id;
    }

    public void Dress(Visit visit) => visit.Http.Response.Headers[IdHeader] = visit.RequestId;

    /// <summary>Such as <c>00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01</c>: https://www.w3.org/TR/trace-context/#traceparent-header</summary>
    internal static bool IsTrace(string text)
    {
        var letters = text.AsSpan();
        return letters.Length >= TraceLetters
            && letters[2] == '-'
            && letters[35] == '-'
            && letters[52] == '-'
            && !letters[..2].ContainsAnyExcept(Hex)
            && !letters[..2].SequenceEqual("ff")
            && !letters[3..35].ContainsAnyExcept(Hex)
            && letters[3..35].ContainsAnyExcept('0')
            && !letters[36..52].ContainsAnyExcept(Hex)
            && letters[36..52].ContainsAnyExcept('0')
            && !letters[53..55].ContainsAnyExcept(Hex)
            // Version 00 ends there; a later one may go on after a dash.
            && (letters.Length == TraceLetters || (letters[TraceLetters] == '-' && !letters[..2].SequenceEqual("00")));
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= IdLettersMax && !text.AsSpan().ContainsAnyExcept(IdLetters);

    // A request and the trace it begins have the same id, so that one finds the other.
    private void Make(IHeaderDictionary headers, ref string? id, bool isTraced)
    {
        Span<byte> bytes = stackalloc byte[24];
        chance.NextBytes(bytes);
        bytes[0] |= 1;
        bytes[16] |= 1;
        if (id is null)
        {
            id = Convert.ToHexStringLower(bytes[..16]);
            headers[IdHeader] = id;
        }
        if (!isTraced)
        {
            // Without its parent a state means nothing.
            headers.Remove(HeaderNames.TraceState);
            headers.TraceParent = Trace(bytes, samplePercent == 100 || chance.Next(100) < samplePercent);
        }
    }

    private static string Trace(ReadOnlySpan<byte> bytes, bool isSampled)
    {
        Span<char> letters = stackalloc char[TraceLetters];
        letters.Fill('-');
        "00".CopyTo(letters);
        Convert.TryToHexStringLower(bytes[..16], letters[3..], out _);
        Convert.TryToHexStringLower(bytes[16..], letters[36..], out _);
        (isSampled ? "01" : "00").CopyTo(letters[53..]);
        return new(letters);
    }
}
