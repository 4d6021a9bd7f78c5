using System.Globalization;
using System.Text;
using Fairlead.Model.Alerting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Faces.Prometheus;

/// <summary>Rules and alerts as Prometheus' API shows them.</summary>
internal static class RuleAnswer
{
    /// <param name="type">alert or record; null for both.</param>
    public static void Groups(JsonAnswer json, IReadOnlyList<RuleGroupState> groups, string? type)
    {
        if (type is not (null or "alert" or "record"))
        {
            throw PrometheusFault.BadParameter("type", $"not supported value \"{type}\"");
        }
        json.Raw("{\"status\":\"success\",\"data\":{\"groups\":["u8);
        Each(
            json,
            groups,
            group =>
            {
                Field(json, "{", "name", group.Name);
                Field(json, ",", "file", group.File);
                json.Raw(",\"rules\":["u8);
                Each(
                    json,
                    group.Rules.Where(rule => type is null || rule.IsAlerting == (type == "alert")),
                    rule => Rule(json, rule)
                );
                Number(json, "],", "interval", group.Interval.TotalSeconds);
                json.Raw(",\"limit\":0"u8);
                Number(json, ",", "evaluationTime", group.Took.TotalSeconds);
                Field(json, ",", "lastEvaluation", Time(group.EvaluatedAt));
                json.Raw("}"u8);
            }
        );
        json.Raw("]}}"u8);
    }

    public static void Alerts(JsonAnswer json, IReadOnlyList<RuleGroupState> groups)
    {
        json.Raw("{\"status\":\"success\",\"data\":{\"alerts\":["u8);
        Each(
            json,
            groups.SelectMany(group => group.Rules).SelectMany(rule => rule.Alerts),
            alert => Alert(json, alert)
        );
        json.Raw("]}}"u8);
    }

    private static void Rule(JsonAnswer json, RuleState rule)
    {
        json.Raw("{"u8);
        if (rule.IsAlerting)
        {
            var state =
                rule.Alerts.Any(alert => alert.IsFiring) ? "firing"
                : rule.Alerts.Count > 0 ? "pending"
                : "inactive";
            Field(json, "", "state", state);
            Number(json, ",", "duration", rule.For.TotalSeconds);
            Number(json, ",", "keepFiringFor", rule.KeepFiringFor.TotalSeconds);
            Labels(json, ",", "annotations", rule.Annotations);
            json.Raw(",\"alerts\":["u8);
            Each(json, rule.Alerts, alert => Alert(json, alert));
            json.Raw("],"u8);
        }
        Field(json, "", "name", rule.Name);
        Field(json, ",", "query", rule.Query);
        Labels(json, ",", "labels", rule.Labels);
        Field(
            json,
            ",",
            "health",
            rule.Error is not null ? "err"
                : rule.EvaluatedAt == 0 ? "unknown"
                : "ok"
        );
        if (rule.Error is not null)
        {
            Field(json, ",", "lastError", rule.Error);
        }
        Field(json, ",", "lastEvaluation", Time(rule.EvaluatedAt));
        Field(json, ",", "type", rule.IsAlerting ? "alerting" : "recording");
        json.Raw("}"u8);
    }

    private static void Alert(JsonAnswer json, AlertState alert)
    {
        Labels(json, "{", "labels", alert.Labels);
        Labels(json, ",", "annotations", alert.Annotations);
        Field(json, ",", "state", alert.IsFiring ? "firing" : "pending");
        Field(json, ",", "activeAt", Time(alert.ActiveAt));
        if (alert.KeptSince is { } since)
        {
            Field(json, ",", "keepFiringSince", Time(since));
        }
        Field(json, ",", "value", Exponential(alert.Value));
        json.Raw("}"u8);
    }

    // As Go writes it with %e and the fewest digits: 1e+00.
    private static string Exponential(double value) =>
        double.IsFinite(value) ? value.ToString("0.################e+00", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "NaN"
        : value > 0 ? "+Inf"
        : "-Inf";

    private static string Time(long milliseconds) =>
        milliseconds == 0
            ? "0001-01-01T00:00:00Z"
            : DateTimeOffset
                .FromUnixTimeMilliseconds(milliseconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static void Each<T>(JsonAnswer json, IEnumerable<T> all, Action<T> write)
    {
        var isFirst = true;
        foreach (var one in all)
        {
            json.Raw(isFirst ? ""u8 : ","u8);
            isFirst = false;
            write(one);
        }
    }

    private static void Name(JsonAnswer json, string before, string name) =>
        json.Raw(Encoding.UTF8.GetBytes($"{before}\"{name}\":"));

    private static void Field(JsonAnswer json, string before, string name, string value)
    {
        Name(json, before, name);
        json.Text(value);
    }

    private static void Number(JsonAnswer json, string before, string name, double value)
    {
        Name(json, before, name);
        json.Raw(Encoding.UTF8.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
    }

    private static void Labels(JsonAnswer json, string before, string name, Labels labels)
    {
        Name(json, before, name);
        json.Labels(labels);
    }
}
