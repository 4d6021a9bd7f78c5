using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>One request as the access log tells it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AccessLine
{
    private const int LettersMax = 2_000;

    public DateTimeOffset At { get; init; }

    public Site Site { get; init; }

    public string Service { get; init; }

    /// <summary>Such as <c>api@42</c>; null when nobody was let in to it.</summary>
    public string? Release { get; init; }

    public string Method { get; init; }

    public string Host { get; init; }

    public string Path { get; init; }

    public string? Query { get; init; }

    public string Protocol { get; init; }

    public int Status { get; init; }

    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    public TimeSpan Duration { get; init; }

    public TimeSpan? FirstByte { get; init; }

    public IPAddress? Client { get; init; }

    public ClientShown Shown { get; init; }

    public string? RequestId { get; init; }

    public string? Key { get; init; }

    public string? UserAgent { get; init; }

    public string? Referer { get; init; }

    public string? Cache { get; init; }

    public string? Tls { get; init; }

    /// <summary>abandoned by the client, cut at a drain limit, or lost by the app; null for what came to its end.</summary>
    public string? Ended { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("time", At);
        json.WriteString("site", Site.ToString());
        json.WriteString("service", Service);
        Say(json, "release", Release);
        json.WriteString("method", Method);
        Say(json, "host", Host);
        Say(json, "path", Path);
        Say(json, "query", Query);
        json.WriteString("protocol", Protocol);
        json.WriteNumber("status", Status);
        json.WriteNumber("bytesIn", BytesIn);
        json.WriteNumber("bytesOut", BytesOut);
        json.WriteNumber("ms", Math.Round(Duration.TotalMilliseconds, 3));
        if (FirstByte is { } first)
        {
            json.WriteNumber("firstByteMs", Math.Round(first.TotalMilliseconds, 3));
        }
        Say(json, "client", ClientText());
        Say(json, "requestId", RequestId);
        Say(json, "key", Key);
        Say(json, "userAgent", UserAgent);
        Say(json, "referer", Referer);
        Say(json, "cache", Cache);
        Say(json, "tls", Tls);
        Say(json, "ended", Ended);
        json.WriteEndObject();
    }

    private static void Say(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text.AsSpan(0, Math.Min(text.Length, LettersMax)));
        }
    }

    private string? ClientText()
    {
        if (Client is null || Shown is ClientShown.None)
        {
            return null;
        }
        if (Shown is ClientShown.Full)
        {
            return Client.ToString();
        }
        var bytes = Client.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return new IPAddress(bytes).ToString();
    }
}
