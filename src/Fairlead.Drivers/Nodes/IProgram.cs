using Fairlead.Drivers.Shell;

namespace Fairlead.Drivers.Nodes;

/// <summary>A replica's program: how it is started, found again, asked and ended, as a process or as a container.</summary>
internal interface IProgram : IDisposable
{
    /// <summary>The program that the note names, or the one that a crash of the node kept out of it; null when none runs.</summary>
    Task<Note?> FindAsync(Note note, CancellationToken stop);

    /// <summary>Starts it; nothing of an earlier start may run any more.</summary>
    /// <param name="before">The note of the start before.</param>
    /// <param name="keep">Makes durable what a node that dies in the midst of this must know.</param>
    /// <exception cref="Model.Problems.ProblemException">It cannot be started.</exception>
    Task<Note> StartAsync(Note before, Action<Note> keep, CancellationToken stop);

    /// <summary>Waits until it has ended.</summary>
    Task<Ending> EndedAsync(Note note, CancellationToken stop);

    /// <summary>How it ended while nobody looked; null where that cannot be known any more.</summary>
    Task<Ending?> PastAsync(Note note, CancellationToken stop);

    /// <summary>Asks it to end, waits for the grace, and ends what is left. Returns when nothing of it is left.</summary>
    Task EndAsync(Note note, TimeSpan grace, CancellationToken stop);

    /// <summary>Asks once whether it is well.</summary>
    Task<Answer> AskAsync(Note note, CancellationToken stop);

    /// <summary>Whether the system ended it for want of memory.</summary>
    bool IsOutOfMemory(Note note);

    /// <summary>Where it listens instead of where it is asked, and what to do; null when that is not why it does not answer.</summary>
    (string Why, string Fix)? ListensElsewhere(Note note);

    /// <summary>Another process that has its port; null when there is none.</summary>
    ProcessStat? PortHolder(Note note);
}
