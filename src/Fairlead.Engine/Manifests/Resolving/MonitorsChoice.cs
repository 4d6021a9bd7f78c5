using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What a manifest's words about monitors mean.</summary>
internal static class MonitorsChoice
{
    private const string Off = "off";

    /// <returns>Null where the manifest says nothing of it.</returns>
    public static AppMonitors? Of(
        MonitorsEntry? entry,
        Node node,
        (string Environment, IReadOnlyList<LoadedService> Services) app,
        Findings findings
    )
    {
        if (entry is null)
        {
            return null;
        }
        var here = entry
            .Named.Where(one => one.Value.Environments is not { Count: > 0 } only || only.Contains(app.Environment))
            .ToList();
        List<MonitorSpec> named = [];
        foreach (var (name, said) in here.Where(one => one.Value.Url is not Off))
        {
            var spec = SpecOf(name, said);
            foreach (var fault in MonitorFaults.Of(spec, isOfApp: true))
            {
                findings.Add(node.At(name, fault.Key), "monitor", (fault.What, fault.Why, fault.Fix));
            }
            named.Add(spec);
        }
        foreach (var fault in MonitorFaults.Circles(named))
        {
            findings.Add(node.At(fault.Monitor), "monitor", (fault.What, fault.Why, fault.Fix));
        }
        return new()
        {
            IsOff = entry.IsOff,
            Without = [.. here.Where(one => one.Value.Url is Off).Select(one => one.Key)],
            Named = named,
        };
    }

    private static MonitorSpec SpecOf(string name, MonitorEntry entry)
    {
        var usual = new MonitorSpec { Name = name, Url = "" };
        var every = entry.Every ?? usual.Every;
        return usual with
        {
            Url = entry.Push is true ? "push:" : entry.Url ?? "",
            Every = every,
            Timeout = entry.Timeout ?? MonitorFaults.UsualTimeout(every),
            Retries = entry.Retries ?? usual.Retries,
            Grace = entry.Grace ?? usual.Grace,
            DependsOn = entry.DependsOn ?? [],
            Verify = entry.Verify ?? true,
            Request = entry is { Method: null, Headers: null, Send: null }
                ? null
                : new()
                {
                    Method = entry.Method ?? "GET",
                    Headers = entry.Headers ?? new Dictionary<string, string>(),
                    Send = entry.Send,
                },
            Expect = ExpectOf(entry.Expect),
            Journey = entry.Journey is { Count: > 0 } steps
                ?
                [
                    .. steps.Select(one => new JourneyStep
                    {
                        Click = one.Click,
                        Type = one.Type,
                        Text = one.Text,
                        See = one.See,
                    }),
                ]
                : null,
        };
    }

    private static MonitorExpect? ExpectOf(MonitorExpectEntry? entry) =>
        entry is null
            ? null
            : new()
            {
                Status = entry.Status ?? [],
                Body = entry.Body,
                Lacks = entry.Lacks,
                Matches = entry.Matches,
                Json = entry.Json ?? new Dictionary<string, string>(),
                Headers = entry.Headers ?? new Dictionary<string, string>(),
                Within = entry.Within,
                TlsDays = entry.TlsDays,
                Answer = entry.Answer ?? [],
            };
}
