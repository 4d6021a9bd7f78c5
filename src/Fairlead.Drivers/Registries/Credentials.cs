using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Registries;

/// <summary>Asks several places for a login, in order: the first that knows one is believed.</summary>
public sealed class Credentials(IReadOnlyList<IRegistryCredentials> places) : IRegistryCredentials
{
    public async Task<RegistryLogin?> FindAsync(string host, CancellationToken stop)
    {
        foreach (var place in places)
        {
            if (await place.FindAsync(host, stop) is { } login)
            {
                return login;
            }
        }
        return null;
    }
}
