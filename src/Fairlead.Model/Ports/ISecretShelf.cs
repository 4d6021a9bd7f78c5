using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Where programs run: keeps the values that they are started with in memory, so that it can start them with no server.</summary>
public interface ISecretShelf
{
    /// <summary>Versions that ordered replicas need and that are not there, as after the machine was started anew.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be reached.</exception>
    Task<IReadOnlyList<SecretVersion>> MissingAsync(CancellationToken stop);

    /// <summary>Hands values over; ones that are there already may come again.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    /// <exception cref="Problems.ProblemException">It cannot be reached.</exception>
    Task GiveAsync(IReadOnlyList<SecretValue> values, Fence fence, CancellationToken stop);
}
