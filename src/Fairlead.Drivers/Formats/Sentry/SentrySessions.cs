using System.Text.Json;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Formats.Sentry;

/// <summary>Sessions and check-ins as Sentry's libraries send them (https://develop.sentry.dev/sdk/telemetry/sessions/).</summary>
internal static class SentrySessions
{
    private const int AggregatesMax = 1_000;
    private const long CountMax = 1_000_000_000;

    // {"sid":"b22b...","init":true,"started":"2026-...","status":"ok","errors":0,"attrs":{"release":"shop@42"}}
    public static SessionReport? One(JsonElement json, DateTimeOffset now)
    {
        if (json.Text("sid") is not { } id)
        {
            return null;
        }
        var hasCrashed = json.Text("status") is "crashed" or "abnormal";
        return new(
            id,
            json.At("started").Time() ?? now,
            json.At("init").Truth() == true,
            Count: 1,
            Errored: !hasCrashed && json.Whole("errors") > 0 ? 1 : 0,
            Crashed: hasCrashed ? 1 : 0,
            json.At("attrs").At("release").Text(),
            json.At("attrs").At("environment").Text()
        );
    }

    // {"aggregates":[{"started":"2026-...","exited":10,"errored":1,"crashed":1}],"attrs":{"release":"shop@42"}}
    public static IEnumerable<SessionReport> Many(JsonElement json, DateTimeOffset now) =>
        json.At("aggregates")
            .List(AggregatesMax)
            .Select(one =>
            {
                var (exited, errored) = (Long(one, "exited"), Long(one, "errored"));
                var crashed = Long(one, "crashed") + Long(one, "abnormal");
                return new SessionReport(
                    Id: null,
                    one.At("started").Time() ?? now,
                    IsNew: true,
                    exited + errored + crashed,
                    errored,
                    crashed,
                    json.At("attrs").At("release").Text(),
                    json.At("attrs").At("environment").Text()
                );
            });

    // {"check_in_id":"cc73...","monitor_slug":"nightly","status":"ok","duration":1.5,"monitor_config":{"schedule":{...}}}
    public static CheckInReport? CheckIn(JsonElement json) =>
        json.Text("monitor_slug", 100) is { } slug && json.Text("status") is { } status
            ? new(
                slug,
                status is "ok" or "in_progress" ? status : "error",
                json.Number("duration") is { } seconds and >= 0 and < 1e7 ? TimeSpan.FromSeconds(seconds) : null,
                Schedule(json.At("monitor_config").At("schedule")),
                json.Text("release"),
                json.Text("environment")
            )
            {
                Run = json.Text("check_in_id", 64),
            }
            : null;

    private static string? Schedule(JsonElement? schedule) =>
        schedule.At("value").Text() is { } value ? $"{value} {schedule.At("unit").Text()}".Trim() : null;

    private static long Long(JsonElement json, string name) =>
        json.Number(name) is { } number ? (long)Math.Clamp(number, 0, CountMax) : 0;
}
