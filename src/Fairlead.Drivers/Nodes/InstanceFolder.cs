using System.Text.Json.Serialization;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>What the node keeps of one replica on disk.</summary>
internal sealed record InstanceFolder(string Path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string OrderFile => System.IO.Path.Combine(Path, "order.json");

    public string LogFile => System.IO.Path.Combine(Path, "out.log");

    /// <summary>What the last health command said.</summary>
    public string ProbeLog => System.IO.Path.Combine(Path, "probe.log");

    /// <summary>Private and writable, as artifacts are neither: the replica's TMPDIR.</summary>
    public string Temp => System.IO.Path.Combine(Path, "tmp");

    /// <summary>Where a job's exit code is put when it ends, so that it is known whoever is away then.</summary>
    public string ExitFile => System.IO.Path.Combine(Path, "exit");

    private string NoteFile => System.IO.Path.Combine(Path, "note.json");

    public bool HasOrder => File.Exists(OrderFile);

    public InstanceOrder? TryReadOrder() => DurableFile.TryReadJson<InstanceOrder>(OrderFile);

    public Note ReadNote() => DurableFile.TryReadJson<Note>(NoteFile) ?? new Note();

    /// <summary>Durable before it returns: from here on the replica is started whatever happens to the node.</summary>
    /// <exception cref="ProblemException">The disk is full or broken.</exception>
    public void Write(InstanceOrder order) =>
        OnDisk(() =>
        {
            DurableFile.Delete(NoteFile);
            DurableFile.WriteJson(OrderFile, order);
        });

    public void Write(Note note) => OnDisk(() => DurableFile.WriteJson(NoteFile, note));

    /// <summary>Ends the replica's life on disk; its logs stay until newer ones need the room.</summary>
    public void Forget()
    {
        DurableFile.Delete(OrderFile);
        DurableFile.Delete(NoteFile);
        File.Delete(ProbeLog);
        File.Delete(ExitFile);
        if (Directory.Exists(Temp))
        {
            Directory.Delete(Temp, recursive: true);
        }
    }

    /// <summary>Makes a folder that only we, and so our programs, can read.</summary>
    public static void Make(string path) => Directory.CreateDirectory(path, OwnerOnly);

    private void OnDisk(Action write)
    {
        try
        {
            Make(Path);
            write();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(NodeProblems.Disk(Path, caught.Message), caught);
        }
    }
}

/// <summary>What the node must know of a replica after its own death; all else is observed.</summary>
internal sealed record Note
{
    /// <summary>0 when none was started.</summary>
    public int Pid { get; init; }

    public long StartTicks { get; init; }

    public string BootId { get; init; } = "";

    public int Port { get; init; }

    /// <summary>Address at which it has the port; null for this machine's loopback.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    public int Starts { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Place in the log at which this start's lines begin.</summary>
    public long LogStart { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>It was healthy once, so it is started again when it ends.</summary>
    public bool WasReady { get; init; }

    public bool IsStopping { get; init; }

    /// <summary>It was ordered again while it was being stopped.</summary>
    public bool IsWantedAgain { get; init; }

    /// <summary>Why it never became healthy and is not tried again.</summary>
    public Problem? Failure { get; init; }

    /// <summary>Of a job: how many of its starts are over. One more start was begun and may run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }

    /// <summary>Of a job: how its run ended; it is not begun again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunEnding? Ending { get; init; }

    [JsonIgnore]
    public Cgroup Group => new(Groups);

    /// <summary>The same replica at another start: what was decided about it meanwhile, such as to stop it, stays.</summary>
    public Note WithStart(Note start) =>
        start with
        {
            WasReady = WasReady,
            IsStopping = IsStopping,
            IsWantedAgain = IsWantedAgain,
            Failure = Failure,
            Attempts = Attempts,
            Ending = Ending,
        };
}
