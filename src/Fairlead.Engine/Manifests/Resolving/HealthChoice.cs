using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>
/// How to tell that a replica is well: as said, else the path detected, else whether its port accepts connections. A
/// worker has none of them: it is well when it has stayed up for a second.
/// </summary>
internal static class HealthChoice
{
    public static Health Of(Draft draft, Findings findings)
    {
        if (draft.IsStatic)
        {
            return new();
        }
        var entry = draft.Entry.Health ?? new();
        var said = (entry.Http is null ? 0 : 1) + (entry.Tcp is true ? 1 : 0) + (entry.Command is null ? 0 : 1);
        if (said > 1)
        {
            findings.Add(
                draft.Node.At("health"),
                "health",
                (
                    $"The health of '{draft.Name}' is told in {said} ways.",
                    "Only one of http, tcp and command decides.",
                    "Keep the one that tells most, for example: health: /healthz"
                )
            );
        }
        var takesTraffic = draft.Routes.Count > 0;
        var http =
            said > 0 ? entry.Http
            : takesTraffic ? draft.Detected?.HealthPath
            : null;
        var standard = new Health();
        return new()
        {
            Http = http,
            Tcp = said > 0 ? entry.Tcp is true : takesTraffic && http is null,
            Command = entry.Command?.Words ?? [],
            Every = entry.Every ?? standard.Every,
            Timeout = entry.Timeout ?? standard.Timeout,
            StartGrace = entry.StartGrace ?? standard.StartGrace,
        };
    }
}
