using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>Makes ready what one start of a replica needs: a port, a control group, a folder, an environment.</summary>
internal sealed class Starter(InstanceOrder order, RotatingLog output, Ground ground)
{
    private readonly InstanceFolder folder = ground.Folder(order.Key);

    /// <summary>What to note before the start, and what to start.</summary>
    /// <param name="before">The note of the start before.</param>
    /// <exception cref="ProblemException">Artifact or program is missing, or the port is taken.</exception>
    public (Note Note, SpawnOrder Order) Prepare(Note before)
    {
        var artifact = ground.State.ArtifactFolder(order.Artifact);
        if (!Directory.Exists(artifact))
        {
            throw new ProblemException(NodeProblems.ArtifactMissing(order, artifact));
        }
        var filled = ground.Secrets.Filled(order);
        var port = TakePort(before.Port);
        var (group, warning) = ground.Cgroups.Create(order.Key.ToString(), order.Service.Limits);
        ground.WarnOnce(warning);
        InstanceFolder.Make(folder.Temp);
        output.EndLine();

        // Without a process id yet: a node that dies before it can note the id finds the program by its marks.
        var note = before with
        {
            Pid = 0,
            Port = port,
            Groups = group.Folders,
            LogStart = output.End,
            Starts = before.Starts + 1,
            StartedAt = ground.World.Now,
        };
        var words = Launch.Words(order.Service.Recipe.Run, port);
        var env = Launch.Environment(filled, ground.Environment, port, folder.Temp, ground.StateId);
        var spawn = new SpawnOrder(
            order.Service.Job is null ? words : ExitKeeping.Around(words, folder.ExitFile, artifact, env),
            artifact,
            env,
            ground.Secrets.OutputOf(order) ?? folder.LogFile,
            Descriptors: null,
            group.Procs
        );
        return (note, spawn);
    }

    private int TakePort(int earlier)
    {
        var listening = PortRange.Listening();
        if (order.Service.Port is { } only)
        {
            return listening.Contains(only)
                ? throw new ProblemException(NodeProblems.PortTaken(order.Key, only, Listener.HolderOf(only), []))
                : only;
        }
        var port = ground.Ports.Take(earlier, listening);
        if (earlier != port)
        {
            ground.Ports.Release(earlier);
        }
        return port;
    }
}
