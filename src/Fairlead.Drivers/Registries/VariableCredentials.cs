using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Registries;

/// <summary>Logins in variables of the server's own environment, for where there is no home with a config: <c>FAIRLEAD_REGISTRY_GHCR_IO=user:password</c>.</summary>
public sealed class VariableCredentials(Func<string, string?> variable) : IRegistryCredentials
{
    public Task<RegistryLogin?> FindAsync(string host, CancellationToken stop)
    {
        var name = NameOf(host);
        var text = variable(name) ?? "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return Task.FromResult(colon > 0 ? new RegistryLogin(text[..colon], text[(colon + 1)..], name) : null);
    }

    internal static string NameOf(string host) =>
        "FAIRLEAD_REGISTRY_"
        + string.Concat(host.Select(static one => char.IsAsciiLetterOrDigit(one) ? char.ToUpperInvariant(one) : '_'));
}
