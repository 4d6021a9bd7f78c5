namespace Fairlead.Model.Ports;

/// <summary>Where names are kept. Both methods may be called twice, and leave other records of the name alone.</summary>
public interface IDnsZones
{
    /// <summary>Adds a value to a name's TXT records; returns once the zone's own servers give it out.</summary>
    /// <param name="name">Fully qualified, without a dot at its end, such as <c>_acme-challenge.shop.example.com</c>.</param>
    /// <exception cref="Problems.ProblemException">No zone of the account holds the name, or the provider refused.</exception>
    Task AddTextAsync(string name, string value, CancellationToken stop);

    /// <summary>Removes a value from a name's TXT records; one that is not there is fine.</summary>
    Task RemoveTextAsync(string name, string value, CancellationToken stop);
}
