using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Monitoring;

/// <summary>What is looked at again and again, how, and what must be seen there.</summary>
public sealed record MonitorSpec
{
    public static readonly TimeSpan EveryMin = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan EveryMax = TimeSpan.FromDays(1);

    /// <summary>Unique in its app, or among those of no app; under the rule for names of apps.</summary>
    public required string Name { get; init; }

    /// <summary>Where to look; its scheme says how, such as <c>https://shop.example.com/</c>, <c>tcp://10.0.0.5:22</c> or <c>push:</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Time between two looks, or between two signs of life; 5 s to 1 day.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one look may take; less than <see cref="Every"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many failed looks in a row are forgiven, 0 to 10.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How late a sign of life may come; only for <c>push:</c>.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Names of monitors on the way there, in the same app or among those of no app: while one is down, this one is unknown.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>What is sent; null for the usual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MonitorRequest? Request { get; init; }

    /// <summary>What must be seen; null for the usual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MonitorExpect? Expect { get; init; }

    /// <summary>The certificate must be one that this machine trusts, for that name.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>Connects there instead, <c>127.0.0.1:8443</c>, whatever the address says; null to go where it says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Through { get; init; }

    /// <summary>What a visitor does in a browser, one after the other; null where none is opened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JourneyStep>? Journey { get; init; }

    /// <summary>It may look at this machine and networks of its owner's; set for each look, by whose monitor it is.</summary>
    [JsonIgnore]
    public bool MayLookInside { get; init; }

    /// <summary>What the address begins with, in lower case.</summary>
    [JsonIgnore]
    public string Scheme => Url.Split(':', 2)[0].ToLowerInvariant();

    /// <summary>Others tell when they are well; nobody looks.</summary>
    [JsonIgnore]
    public bool IsPush => Scheme is "push";

    /// <summary>How it is looked at: its scheme, or <c>browser</c>.</summary>
    [JsonIgnore]
    public string Way => Journey is null ? Scheme : "browser";
}

/// <summary>What a look sends.</summary>
public sealed record MonitorRequest
{
    /// <summary>Of HTTP.</summary>
    public string Method { get; init; } = "GET";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A body of HTTP, or what is said first over TCP, UDP or a web socket; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Send { get; init; }
}

/// <summary>What must be seen, all of it.</summary>
public sealed record MonitorExpect
{
    /// <summary>Codes of HTTP; none for 200 to 299 after redirects. Where one is from 300 to 399, redirects are not followed.</summary>
    public IReadOnlyList<CodeRange> Status { get; init; } = [];

    /// <summary>A text that the answer holds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>A text that the answer must not hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lacks { get; init; }

    /// <summary>A regular expression that fits somewhere in the answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Matches { get; init; }

    /// <summary>Values of an answer in JSON by their paths, <c>checks[0].status</c>.</summary>
    public IReadOnlyDictionary<string, string> Json { get; init; } = new Dictionary<string, string>();

    /// <summary>Texts that headers hold.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the whole look may take to be good; null for the timeout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Within { get; init; }

    /// <summary>How many days the certificate must still be good for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TlsDays { get; init; }

    /// <summary>Values that a DNS answer holds.</summary>
    public IReadOnlyList<string> Answer { get; init; } = [];
}

/// <summary>Codes from one to another, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CodeRange(int From, int To)
{
    public bool Has(int code) => code >= From && code <= To;

    /// <summary>Reads <c>200</c>, <c>2xx</c> or <c>200-399</c>; null for anything else.</summary>
    public static CodeRange? TryParse(string text)
    {
        if (text.Length == 3 && text[1..] is "xx" && text[0] is >= '1' and <= '5')
        {
            var hundred = (text[0] - '0') * 100;
            return new(hundred, hundred + 99);
        }
        return text.Split('-') switch
        {
            [var one] when Code(one) is { } code => new(code, code),
            [var one, var other] when Code(one) is { } from && Code(other) is { } to && from <= to => new(from, to),
            _ => null,
        };
    }

    public override string ToString() =>
        From == To
            ? From.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{From}-{To}");

    private static int? Code(string text) =>
        text.Length == 3
        && int.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var code
        )
        && code is >= 100 and <= 599
            ? code
            : null;
}

/// <summary>One thing that a visitor does in a browser. Exactly one of its properties is said.</summary>
public sealed record JourneyStep
{
    /// <summary>Clicks the first element of this CSS selector.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Click { get; init; }

    /// <summary>Types into the first element of this CSS selector what <see cref="Text"/> says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Waits until the page shows this text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? See { get; init; }

    public override string ToString() =>
        Click is not null ? $"click {Click}"
        : Type is not null ? $"type into {Type}"
        : $"see '{See}'";
}
