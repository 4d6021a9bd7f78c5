using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Finds the services that a value names, and writes them as they are called and asked here.</summary>
internal sealed partial class Hosts
{
    private const int LettersMax = 2_000;
    private const int UsualPort = 80;

    private static readonly string[] TellHosts =
    [
        "HOST",
        "SERVER",
        "ADDR",
        "URL",
        "URI",
        "ENDPOINT",
        "NODES",
        "BROKER",
    ];

    private readonly Dictionary<string, WorkloadDraft> named = new(StringComparer.Ordinal);

    public Hosts(IReadOnlyList<WorkloadDraft> drafts)
    {
        foreach (
            var (draft, service) in drafts.SelectMany(one =>
                one.Cast.ServicesOf(one.Object).Select(service => (one, service))
            )
        )
        {
            named.TryAdd(service.Name, draft);
        }
    }

    /// <summary>The value as it has to be now.</summary>
    public string Apply(WorkloadDraft draft, Place place, (string Name, string Value) variable) =>
        variable.Value.Length > LettersMax
            ? variable.Value
            : Token().Replace(variable.Value, token => One(draft, variable, token.Value));

    private string One(WorkloadDraft draft, (string Name, string Value) variable, string token)
    {
        var match = Address().Match(token);
        if (!match.Success)
        {
            return token;
        }
        var (host, port) = (match.Groups["host"].Value, match.Groups["port"].Value);
        var isAddress = port.Length > 0 || match.Groups["scheme"].Length > 0 || match.Groups["domain"].Length > 0;
        var isNamed = TellHosts.Any(one => variable.Name.Contains(one, StringComparison.OrdinalIgnoreCase));
        var found = named.GetValueOrDefault(host);
        if (found is null || ReferenceEquals(found, draft) || !(isAddress || (isNamed && token == variable.Value)))
        {
            return token;
        }
        var domain = match.Groups["domain"].Value;
        if (
            domain.Length > 0
            && !domain.Contains(".svc", StringComparison.Ordinal)
            && domain[1..] != (found.Object.Space ?? "default")
        )
        {
            return token; // A host outside that begins like a service.
        }
        draft.Uses.Add(found.Name);
        var asked =
            port.Length > 0 ? int.Parse(port, CultureInfo.InvariantCulture) : AskedOf(match.Groups["scheme"].Value);
        var now = found.IsOpen ? UsualPort : NowOf(found, asked);
        var isSaid =
            port.Length > 0 ? asked != now || match.Groups["domain"].Length > 0 : asked is not null && asked != now;
        var address =
            isSaid && now is not null ? $"{found.Name}:{now}" : found.Name + (port.Length > 0 ? $":{port}" : "");
        return string.Concat(match.Groups["before"].Value, address, match.Groups["after"].Value);
    }

    private static int? AskedOf(string scheme) => scheme is "http://" or "ws://" ? UsualPort : null;

    /// <summary>The container's port where the Service was asked at another one.</summary>
    private static int? NowOf(WorkloadDraft found, int? asked) =>
        found.Service is { } service
            ? Ports
                .Of(service, found.Said)
                .Where(one => one.Asked == asked)
                .Select(one => (int?)one.Port)
                .FirstOrDefault()
                ?? asked
            : asked;

    [GeneratedRegex(@"[^,;\s]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex(
        @"^(?<before>(?:[A-Za-z0-9_.-]+=)?(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^@/\s]*@)?)(?<host>[a-z0-9][a-z0-9-]{0,62})(?<domain>(?:\.[a-z0-9-]{1,63}){0,1}(?:\.svc(?:\.[a-z0-9.-]{1,100})?)?)(?::(?<port>[0-9]{1,5}))?(?<after>[/?].*)?$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Address();
}
