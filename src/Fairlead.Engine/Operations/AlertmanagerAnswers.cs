using System.Text.Json.Nodes;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Alerts and silences as Alertmanager's API of version 2 has them.</summary>
public static class AlertmanagerAnswers
{
    private const int AlertsMax = 2_000;

    /// <summary>What clients of Alertmanager send: a list of alerts.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static IReadOnlyList<SentAlert> Read(JsonNode? body)
    {
        if (body is not JsonArray list || list.Count > AlertsMax)
        {
            throw Wrong($"It is no list of at most {AlertsMax} alerts.");
        }
        return [.. list.Select(Alert)];
    }

    /// <summary>Takes what a client of Alertmanager sends.</summary>
    /// <param name="demand">Asks whether the caller may speak of an app; null for the platform.</param>
    /// <exception cref="ProblemException">Something of it cannot be taken: nothing is then.</exception>
    public static async Task TakeAsync(
        EngineContext engine,
        JsonNode? body,
        Func<Site?, Task> demand,
        CancellationToken stop
    )
    {
        var sent = Read(body);
        foreach (var site in sent.Select(static one => RuleDesk.SiteOf(one.Labels)).Distinct())
        {
            await demand(site);
        }
        await SendAlert.TakeAsync(engine, sent, engine.Caller, stop);
    }

    /// <summary>Names of those who are told.</summary>
    public static JsonArray Receivers(EngineContext engine) =>
        [
            .. engine
                .Server.Response.Routing.Plan.Receivers.Keys.Order(StringComparer.Ordinal)
                .Select(static one => new JsonObject { ["name"] = one }),
        ];

    /// <summary>What fires, as far as the caller may see it.</summary>
    /// <param name="filters">Matchers, all of which must fit.</param>
    /// <param name="shows">Which are wanted: active, silenced, inhibited.</param>
    /// <exception cref="ProblemException">A matcher cannot be read.</exception>
    public static async Task<JsonArray> AlertsAsync(
        EngineContext engine,
        IReadOnlyList<string> filters,
        (bool Active, bool Silenced, bool Inhibited) shows,
        CancellationToken stop
    )
    {
        var matchers = filters
            .SelectMany(static text => Matching.TryRead(text, out var fault) ?? throw Wrong($"Of the filter, {fault}."))
            .ToList();
        var response = engine.Server.Response;
        var muting = await response.Alerts.MutingAsync(stop);
        return
        [
            .. response
                .Alerts.Firing.Where(one =>
                    ListAlerts.IsShown(one, new ListAlerts.Input(), engine.Server) && matchers.Fits(one.Labels)
                )
                .Select(one => (Alert: one, Mute: muting.Why(one)))
                .Where(one =>
                    one.Mute?.Kind switch
                    {
                        null => shows.Active,
                        MuteKind.Inhibition => shows.Inhibited,
                        _ => shows.Silenced,
                    }
                )
                .Select(one => Of(one.Alert, one.Mute, response.Routing.Plan.Root)),
        ];
    }

    /// <summary>All silences, also those that ended lately.</summary>
    public static async Task<JsonArray> SilencesAsync(EngineContext engine, CancellationToken stop) =>
        [.. (await engine.Server.Response.Routing.SilencesAsync(stop)).Select(one => Of(one, engine.World.Now))];

    /// <summary>What <see cref="AddSilence"/> takes, of what a client of Alertmanager sends.</summary>
    /// <exception cref="ProblemException">It is no silence.</exception>
    public static JsonObject SilenceOf(JsonNode? body, DateTimeOffset now)
    {
        if (
            body is not JsonObject one
            || one["matchers"] is not JsonArray { Count: > 0 } matchers
            || Time(one["endsAt"]) is not { } ends
        )
        {
            throw Wrong("A silence has 'matchers' and 'endsAt'.");
        }
        var begins = Time(one["startsAt"]) is { } said && said > now ? said : now;
        return new JsonObject
        {
            ["matchers"] = new JsonArray([.. matchers.Select(static each => JsonValue.Create(MatcherOf(each)))]),
            ["for"] = $"{Math.Max(1, (long)(ends - begins).TotalSeconds)}s",
            ["from"] = begins.ToString("O"),
            ["reason"] = Text(one["comment"]) is { Length: > 0 } comment ? comment : "no reason was given",
        };
    }

    private static string MatcherOf(JsonNode? node)
    {
        var name = Text(node?["name"]);
        var isRegex = node?["isRegex"]?.GetValueKind() is System.Text.Json.JsonValueKind.True;
        var isEqual = node?["isEqual"]?.GetValueKind() is not System.Text.Json.JsonValueKind.False;
        return Matching.Write(
            new Matcher(
                (isRegex, isEqual) switch
                {
                    (true, true) => MatchKind.Regex,
                    (true, false) => MatchKind.NotRegex,
                    (false, true) => MatchKind.Equal,
                    _ => MatchKind.NotEqual,
                },
                name ?? throw Wrong("A matcher has no 'name'."),
                Text(node?["value"]) ?? ""
            )
        );
    }

    private static JsonObject Of(Alert alert, Mute? mute, Route root) =>
        new()
        {
            ["labels"] = Of(alert.Labels),
            ["annotations"] = Of(alert.Annotations),
            ["startsAt"] = alert.StartsAt.UtcDateTime.ToString("O"),
            ["updatedAt"] = alert.StartsAt.UtcDateTime.ToString("O"),
            // Part of the protocol: there is always an end. It is known of none here.
            ["endsAt"] = (alert.EndsAt ?? DateTimeOffset.MinValue).UtcDateTime.ToString("O"),
            ["fingerprint"] = alert.Fingerprint,
            ["generatorURL"] = alert.SourceUrl,
            ["receivers"] = new JsonArray([
                .. root.For(alert.Labels)
                    .Select(static one => one.Receiver)
                    .Distinct(StringComparer.Ordinal)
                    .Select(static name => new JsonObject { ["name"] = name }),
            ]),
            ["status"] = new JsonObject
            {
                ["state"] = mute is null ? "active" : "suppressed",
                ["silencedBy"] = By(mute, MuteKind.Silence),
                ["inhibitedBy"] = By(mute, MuteKind.Inhibition),
                ["mutedBy"] = By(mute, MuteKind.Maintenance),
            },
        };

    private static JsonObject Of(Silence one, DateTimeOffset now) =>
        new()
        {
            ["id"] = one.Id,
            ["matchers"] = new JsonArray([
                .. one.Matchers.Select(static each => new JsonObject
                {
                    ["name"] = each.Name,
                    ["value"] = each.Value,
                    ["isRegex"] = each.Kind is MatchKind.Regex or MatchKind.NotRegex,
                    ["isEqual"] = each.Kind is MatchKind.Equal or MatchKind.Regex,
                }),
            ]),
            ["startsAt"] = one.From.UtcDateTime.ToString("O"),
            ["endsAt"] = one.Until.UtcDateTime.ToString("O"),
            ["updatedAt"] = one.From.UtcDateTime.ToString("O"),
            ["createdBy"] = one.By,
            ["comment"] = one.Reason,
            ["status"] = new JsonObject
            {
                ["state"] =
                    one.Holds(now) ? "active"
                    : one.From > now ? "pending"
                    : "expired",
            },
        };

    private static JsonArray By(Mute? mute, MuteKind kind) => mute?.Kind == kind ? [mute.By] : [];

    private static JsonObject Of(Labels labels) =>
        new(labels.Select(static one => KeyValuePair.Create<string, JsonNode?>(one.Name, one.Value)));

    private static SentAlert Alert(JsonNode? node) =>
        node is JsonObject one
            ? new(LabelsOf(one["labels"]), LabelsOf(one["annotations"]), Time(one["startsAt"]), Time(one["endsAt"]))
            {
                SourceUrl = Text(one["generatorURL"]) ?? "",
            }
            : throw Wrong("An alert is an object with 'labels'.");

    private static Labels LabelsOf(JsonNode? node) =>
        node switch
        {
            null => Labels.None,
            JsonObject all => Labels.Of(
                all.Select(static one => new Label(one.Key, Text(one.Value) ?? throw Wrong($"'{one.Key}' is no text.")))
                    .Where(static one => one.Value.Length > 0)
            ),
            _ => throw Wrong("Labels and annotations are objects of texts."),
        };

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // Go's empty time stands for none.
    private static DateTimeOffset? Time(JsonNode? node) =>
        Text(node) is not { Length: > 0 } text ? null
        : !DateTimeOffset.TryParse(
            text,
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? throw Wrong("A time is written like 2026-11-28T18:00:00Z.")
        : time.Year <= 1 ? null
        : time;

    private static ProblemException Wrong(string why) =>
        new(
            new Problem(
                "alert.not-alertmanagers",
                What: "The request cannot be read.",
                why,
                Fix: "Send what Alertmanager's API of version 2 takes, such as [{\"labels\":{\"alertname\":\"DiskFull\"}}]"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
