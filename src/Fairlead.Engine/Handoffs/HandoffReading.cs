using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Operations;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Engine.Handoffs;

/// <summary>
/// Reads hand-offs: YAML or JSON, one document. Pure; the same document has the same id wherever it comes from.
/// <code>
/// kind: quality-gate
/// version: 1
/// app: storefront
/// environment: production
/// title: Checkout is tested
/// owner: quality
/// body: { phase: prepare, gate: e2e }
/// </code>
/// </summary>
public static class HandoffReading
{
    private const int LettersMax = 64 << 10;
    private const int NodesMax = 2_000;
    private const int LineMax = 200;

    private static readonly string[] Keys =
    [
        "kind",
        "version",
        "app",
        "environment",
        "title",
        "owner",
        "due",
        "supersedes",
        "body",
    ];

    private static readonly JsonSerializerOptions Json = new(Schemas.Json) { MaxDepth = 16 };

    /// <param name="by">Who hands it over.</param>
    /// <exception cref="ProblemException">It cannot be read, or it would enforce nothing.</exception>
    public static Handoff Read(string text, string by, DateTimeOffset now)
    {
        if (text.Length > LettersMax)
        {
            throw Wrong($"It has more than {LettersMax} letters.");
        }
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return Read(OfJson(text), by, now);
        }
        var findings = new Findings("hand-off");
        var node = YamlReader.Read(text, findings, NodesMax);
        findings.ThrowIfAny();
        return Read(Turn(node) as JsonObject ?? throw Wrong("It is no group of keys."), by, now);
    }

    /// <inheritdoc cref="Read(string, string, DateTimeOffset)"/>
    public static Handoff Read(JsonObject document, string by, DateTimeOffset now)
    {
        if (document.Select(static one => one.Key).FirstOrDefault(key => !Keys.Contains(key)) is { } strange)
        {
            throw Wrong($"It has '{strange}', and a hand-off has only {string.Join(", ", Keys)}.");
        }
        var kind =
            AllHandoffKinds.Entries.FirstOrDefault(one => one.Name == Text(document, "kind"))
            ?? throw Wrong(
                $"Its kind is none of {string.Join(", ", AllHandoffKinds.Entries.Select(static one => one.Name))}."
            );
        if (document["version"] is { } version && version.ToJsonString() is not ("1" or "\"1\""))
        {
            throw Wrong($"Its version is {version.ToJsonString()}, and there is only version 1.");
        }
        var body = BodyOf(kind, document["body"] as JsonObject ?? throw Wrong("It has no 'body'."));
        var site = new Site(Line(document, "app"), Line(document, "environment"));
        if (!Site.IsName(site.App) || !Site.IsName(site.Environment))
        {
            throw Wrong("Names of apps and environments have lower-case letters, digits and dashes.");
        }
        return new()
        {
            Id = IdOf(document),
            Kind = kind.Name,
            From = kind.From,
            To = kind.To,
            Site = site,
            Title = Line(document, "title"),
            Owner = Line(document, "owner"),
            Due = DueOf(document),
            Supersedes = Text(document, "supersedes"),
            Body = document["body"]!.DeepClone().AsObject(), // Looked at above.
            Effects = [.. body.Effects().Select(static one => PlainText.Of(one, 400))],
            OfferedAt = now,
            OfferedBy = by,
        };
    }

    /// <summary>What a hand-off that was read says.</summary>
    public static HandoffBody BodyOf(Handoff handoff) =>
        BodyOf(AllHandoffKinds.Entries.First(one => one.Name == handoff.Kind), handoff.Body);

    private static JsonObject OfJson(string text)
    {
        try
        {
            return JsonTexts.Read(text, depthMax: 16) as JsonObject ?? throw Wrong("It is no group of keys.");
        }
        catch (JsonException caught)
        {
            throw Wrong(caught.Message);
        }
    }

    private static HandoffBody BodyOf(HandoffKind kind, JsonObject given)
    {
        HandoffBody body;
        try
        {
            body = (HandoffBody)given.Deserialize(kind.Body, Json)!;
        }
        catch (Exception caught) when (caught is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw Wrong($"Its body is no {kind.Name}: {caught.Message}");
        }
        if (body.Fault() is { } fault)
        {
            throw Wrong($"Its body is no {kind.Name}: {fault}.");
        }
        return body.Effects().Any() ? body : throw new ProblemException(HandoffProblems.Comment(kind.Name));
    }

    private static string IdOf(JsonObject document) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(document).ToJsonString())))[..16];

    // Keys in one order, so that the same content has the same id however it was written.
    private static JsonNode Canonical(JsonNode node) =>
        node switch
        {
            JsonObject record => new JsonObject(
                record
                    .Where(static one => one.Value is not null)
                    .OrderBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)Canonical(one.Value!))) // Looked at above.
            ),
            JsonArray list => new JsonArray([.. list.Select(static one => one is null ? null : Canonical(one))]),
            _ => node.DeepClone(),
        };

    private static JsonNode? Turn(Node? node) =>
        node switch
        {
            Node.Mapping mapping => new JsonObject(
                mapping.Entries.Select(static one => KeyValuePair.Create(one.Key, Turn(one.Value)))
            ),
            Node.Sequence sequence => new JsonArray([.. sequence.Items.Select(Turn)]),
            Node.Scalar { IsNothing: true } => null,
            Node.Scalar { IsPlain: true, Text: "true" } => JsonValue.Create(true),
            Node.Scalar { IsPlain: true, Text: "false" } => JsonValue.Create(false),
            Node.Scalar { IsPlain: true, Text: var text }
                when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            Node.Scalar { IsPlain: true, Text: var text }
                when double.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                ) && double.IsFinite(number) => JsonValue.Create(number),
            Node.Scalar { Text: var text } => JsonValue.Create(text),
            _ => null,
        };

    private static DateOnly? DueOf(JsonObject document) =>
        Text(document, "due") is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)
            ? due
        : throw Wrong("'due' is a day such as 2027-03-31.");

    private static string Line(JsonObject document, string name) =>
        PlainText.Of(Text(document, name) ?? "", LineMax).Replace('\n', ' ').Trim() is { Length: > 0 } line
            ? line
            : throw Wrong($"It has no '{name}'.");

    private static string? Text(JsonObject document, string name) =>
        document[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static ProblemException Wrong(string why) => new(HandoffProblems.Wrong(why));
}
