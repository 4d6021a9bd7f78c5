using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Where requests come in: it tells of suspects, and refuses whom it is told to.</summary>
public interface IPerimeter
{
    /// <exception cref="Problems.ProblemException">It cannot be reached.</exception>
    Task<PerimeterView> LookAsync(CancellationToken stop);

    /// <summary>Puts all blocks in force, durably, in place of those before. May be asked for twice.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task ApplyAsync(BlockList list, Fence fence, CancellationToken stop);
}
