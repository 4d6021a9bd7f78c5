using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Nodes;

/// <summary>Who this node is, and which server is in charge.</summary>
/// <param name="Id">Marks the node's processes in their environment.</param>
/// <param name="Root">The state directory it belongs to: a copy of the directory is another node, with processes of its own.</param>
/// <param name="Fence">The highest seen.</param>
internal sealed record NodeNote(string Id, string Root, long Fence)
{
    public static NodeNote Read(StateFolder state, World world)
    {
        var known = DurableFile.TryReadJson<NodeNote>(FileIn(state));
        return known is not null && known.Root == state.Root
            ? known
            : new NodeNote(world.NewId(), state.Root, known?.Fence ?? 0).Write(state);
    }

    /// <exception cref="FencedException">A higher fence was seen.</exception>
    public NodeNote Admit(Fence fence, StateFolder state) =>
        fence.Number < Fence ? throw new FencedException(fence, new Fence(Fence))
        : fence.Number > Fence ? (this with { Fence = fence.Number }).Write(state)
        : this;

    private NodeNote Write(StateFolder state)
    {
        try
        {
            InstanceFolder.Make(state.Instances);
            DurableFile.WriteJson(FileIn(state), this);
            return this;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(NodeProblems.Disk(state.Instances, caught.Message), caught);
        }
    }

    private static string FileIn(StateFolder state) => Path.Combine(state.Instances, "node.json");
}
