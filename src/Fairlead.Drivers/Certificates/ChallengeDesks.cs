using Fairlead.Drivers.Dns;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates;

/// <summary>Where challenges are answered: at the edge, and for those by DNS at whoever keeps a site's names.</summary>
/// <param name="variable">Reads a variable of the server's environment; null when it is not set.</param>
public sealed class ChallengeDesks(IChallengeDesk edge, Func<string, string?> variable, World world) : IDisposable
{
    // Settings that name a variable instead of saying a value: secrets never stand in a manifest.
    private static readonly HashSet<string> Secrets = ["token", "accessKeyId", "secretAccessKey", "keySecret"];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <exception cref="ProblemException">A variable that the settings name is not set, or a setting is wrong.</exception>
    public IChallengeDesk Of(TlsPolicy? policy) =>
        policy?.Dns is { } account
            ? new Split(edge, new DnsChallengeDesk(AllDnsZones.Open(account.Kind, Settings(account), http, world)))
            : edge;

    public void Dispose() => http.Dispose();

    private Dictionary<string, string> Settings(DnsAccount account)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, said) in account.Settings)
        {
            var value = Secrets.Contains(name) ? Secret(said) : said;
            if (name is "server" && value.LastIndexOf(':') is > 0 and var colon && !value.EndsWith(']'))
            {
                settings["port"] = value[(colon + 1)..];
                value = value[..colon].Trim('[', ']');
            }
            settings[Dashed(name)] = value;
        }
        return settings;
    }

    private string Secret(string name) =>
        variable(name) is { Length: > 0 } value
            ? value
            : throw new ProblemException(
                new Problem(
                    "certificate.no-variable",
                    What: $"The server has no variable {name}.",
                    Why: "The manifest says that it holds a secret for changing names.",
                    Fix: $"Set it where Fairlead is started: export {name}=...; then fairlead down --keep-apps; fairlead up"
                )
            );

    // keyName in a manifest, key-name at a driver.
    private static string Dashed(string name) =>
        string.Concat(name.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private sealed class Split(IChallengeDesk edge, IChallengeDesk dns) : IChallengeDesk
    {
        public Task ShowAsync(Challenge challenge, CancellationToken stop) => Of(challenge).ShowAsync(challenge, stop);

        public Task RemoveAsync(Challenge challenge, CancellationToken stop) =>
            Of(challenge).RemoveAsync(challenge, stop);

        private IChallengeDesk Of(Challenge challenge) => challenge.Kind is ChallengeKind.Dns ? dns : edge;
    }
}
