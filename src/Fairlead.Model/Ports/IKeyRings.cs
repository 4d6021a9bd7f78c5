using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Who checks keys when requests come. It keeps them, so that it can do so with no server.</summary>
public interface IKeyRings
{
    /// <summary>The digest of each ring it has, by site; sites without keys may be missing.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be reached.</exception>
    Task<IReadOnlyDictionary<string, string>> DigestsAsync(CancellationToken stop);

    /// <summary>Puts all keys of a site in force, durably, in place of those before. May be asked for twice.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task ApplyAsync(KeyRing ring, Fence fence, CancellationToken stop);
}
