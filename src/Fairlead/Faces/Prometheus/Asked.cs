using Fairlead.Engine.Operations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Faces.Prometheus;

/// <summary>The parameters of a request, from its address and, when it posts a form, from there.</summary>
internal sealed class Asked
{
    private const long FormBytesMax = 4 << 20;

    // The years 1 and 9999: all of time, when nothing is said.
    private const long Earliest = -62_135_596_800_000;
    private const long Latest = 253_402_300_799_999;

    private readonly IQueryCollection address;
    private readonly IFormCollection? form;

    private Asked(IQueryCollection address, IFormCollection? form)
    {
        this.address = address;
        this.form = form;
    }

    public static async Task<Asked> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
        {
            return new(request.Query, null);
        }
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = FormBytesMax;
        return new(request.Query, await request.ReadFormAsync(stop));
    }

    public string? Text(string name) => All(name) is [var first, ..] && first.Length > 0 ? first : null;

    public IReadOnlyList<string> All(string name)
    {
        StringValues posted = default;
        form?.TryGetValue(name, out posted);
        return [.. posted.Concat(address[name]).OfType<string>()];
    }

    public string Query =>
        Text("query") ?? throw PrometheusFault.BadParameter("query", "1:1: parse error: no expression found in input");

    /// <summary>A time in milliseconds.</summary>
    public long Time(string name, long otherwise) =>
        Text(name) is not { } text
            ? otherwise
            : MetricDesk.Time(text)
                ?? throw PrometheusFault.BadParameter(name, $"Invalid time value for '{name}': {Unreadable(text)}");

    /// <summary>A time that must be there.</summary>
    public long Time(string name) =>
        MetricDesk.Time(Text(name) ?? "") ?? throw PrometheusFault.BadParameter(name, Unreadable(Text(name)));

    private static string Unreadable(string? time) => $"cannot parse \"{time}\" to a valid timestamp";

    /// <summary>A length of time that must be there, in milliseconds.</summary>
    public long Duration(string name) =>
        MetricDesk.Duration(Text(name) ?? "")
        ?? throw PrometheusFault.BadParameter(name, $"cannot parse \"{Text(name)}\" to a valid duration");

    public TimeSpan? Timeout => Text("timeout") is null ? null : TimeSpan.FromMilliseconds(Duration("timeout"));

    /// <summary>From and to, all of time when nothing is said.</summary>
    public (long From, long To) Times
    {
        get
        {
            var times = (From: Time("start", Earliest), To: Time("end", Latest));
            return times.To < times.From
                ? throw PrometheusFault.BadRequest(
                    "invalid parameter \"end\": end timestamp must not be before start time"
                )
                : times;
        }
    }

    /// <summary>How many entries are wanted at most; 0 for all.</summary>
    public int Limit =>
        Text("limit") is not { } text ? int.MaxValue
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit >= 0
            ? limit == 0 ? int.MaxValue
                : limit
        : throw PrometheusFault.BadParameter("limit", $"cannot parse \"{text}\" as a limit");
}
