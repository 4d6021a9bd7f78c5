using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Manifests;

/// <summary>All monitors of an app, as the manifest says them.</summary>
/// <param name="IsOff">Services have none by themselves.</param>
public sealed record MonitorsEntry(bool IsOff, IReadOnlyDictionary<string, MonitorEntry> Named);

/// <summary>What is looked at again and again, as the manifest says it.</summary>
[Description("What is looked at again and again: an address, or { url, every, expect, ... }.")]
public sealed record MonitorEntry
{
    [Description(
        "Where to look, such as /healthz at the app's own host, https://api.example.com, tcp://10.0.0.5:22 or dns:///example.com?type=MX; 'off' for none."
    )]
    [Alone, Elsewhere("address", "target", "host", "endpoint")]
    public string? Url { get; init; }

    [Description(
        "True where others tell that they are well, such as a job at night; 'fairlead monitor show' says where."
    )]
    [Elsewhere("heartbeat", "cron")]
    public bool? Push { get; init; }

    [Description("Time between two looks, 5s to 1d; 1m when left out.")]
    [Elsewhere("interval", "period")]
    public TimeSpan? Every { get; init; }

    [Description("How long one look may take, less than 'every'; 10s when left out.")]
    public TimeSpan? Timeout { get; init; }

    [Description("How many failed looks in a row are forgiven; 2 when left out.")]
    [Range(0, 10), Elsewhere("maxretries", "failureThreshold")]
    public int? Retries { get; init; }

    [Description("How late a sign of life may come, with push; 1m when left out.")]
    public TimeSpan? Grace { get; init; }

    [Description("Monitors of what is on the way there, such as a gateway: while one is down, this one is unknown.")]
    [Shaped(Shape.Name), Elsewhere("depends_on", "parents")]
    public IReadOnlyList<string>? DependsOn { get; init; }

    [Description("Only in these environments; in all when left out.")]
    [Shaped(Shape.Name), Elsewhere("environment", "envs")]
    public IReadOnlyList<string>? Environments { get; init; }

    [Description("The method of HTTP; GET when left out.")]
    [Shaped(Shape.Method)]
    public string? Method { get; init; }

    [Description("Headers that are sent. Secrets do not belong here: add such a monitor by 'fairlead monitor add'.")]
    [Named(Shape.Header), Shaped(Shape.HeaderText)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("A body, or what is said first over tcp, udp or a web socket.")]
    [Elsewhere("body", "payload")]
    public string? Send { get; init; }

    [Description("What must be seen; 200 to 299 over HTTP when left out.")]
    [Elsewhere("assert", "assertions", "conditions")]
    public MonitorExpectEntry? Expect { get; init; }

    [Description("False where the certificate need not be one that the server trusts.")]
    public bool? Verify { get; init; }

    [Description("What a visitor does in a browser that opens 'url', one step after the other.")]
    [Elsewhere("steps", "browser")]
    public IReadOnlyList<JourneyStepEntry>? Journey { get; init; }
}

/// <summary>What a monitor must see, as the manifest says it.</summary>
[Description("What must be seen, all of it.")]
public sealed record MonitorExpectEntry
{
    [Description("Codes of HTTP, such as 200, 2xx or 200-399. Where one is 3xx, redirects are not followed.")]
    [Alone, Elsewhere("code", "codes", "statusCode")]
    public IReadOnlyList<CodeRange>? Status { get; init; }

    [Description("A text that the answer holds.")]
    [Elsewhere("contains", "keyword", "text")]
    public string? Body { get; init; }

    [Description("A text that the answer must not hold.")]
    [Elsewhere("notContains", "invertKeyword")]
    public string? Lacks { get; init; }

    [Description("A regular expression that fits somewhere in the answer; without looking ahead or back.")]
    [Elsewhere("regex", "pattern")]
    public string? Matches { get; init; }

    [Description("Values of an answer in JSON: { status: ok, 'checks[0].name': db }.")]
    [Named(Shape.JsonPlace), Elsewhere("jsonPath", "json_path")]
    public IReadOnlyDictionary<string, string>? Json { get; init; }

    [Description("Texts that headers of the answer hold.")]
    [Named(Shape.Header), Shaped(Shape.HeaderText)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("How long the whole look may take.")]
    [Elsewhere("responseTime", "latency", "maxDuration")]
    public TimeSpan? Within { get; init; }

    [Description("How many days the certificate must still be good for.")]
    [Range(0, 365), Elsewhere("certificateDays", "certificateExpiration", "expiryDays")]
    public int? TlsDays { get; init; }

    [Description("Values that a DNS answer holds, such as 192.0.2.1 or '10 mail.example.com'.")]
    [Elsewhere("answers", "records", "values")]
    public IReadOnlyList<string>? Answer { get; init; }
}

/// <summary>One step of a journey, as the manifest says it.</summary>
[Description("One of: { click: SELECTOR }, { type: SELECTOR, text: ... }, { see: TEXT }.")]
public sealed record JourneyStepEntry
{
    [Description("Clicks the first element of this CSS selector.")]
    public string? Click { get; init; }

    [Description("Types 'text' into the first element of this CSS selector.")]
    [Elsewhere("fill", "into")]
    public string? Type { get; init; }

    [Description("What is typed.")]
    public string? Text { get; init; }

    [Description("Waits until the page shows this text.")]
    [Alone, Elsewhere("expect", "waitFor")]
    public string? See { get; init; }
}
