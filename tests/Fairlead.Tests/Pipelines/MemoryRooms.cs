using Fairlead.Model.Ports;

namespace Fairlead.Tests.Pipelines;

/// <summary>An engine for containers of which only its words are real. Tasks in rooms run where those of the machine do.</summary>
internal sealed class MemoryRooms(ITaskRunner machine) : IJobRooms
{
    private readonly Lock gate = new();
    private readonly ITaskRunner machine = machine;

    /// <summary>Digests by name; of others, they are made of the name when they are fetched.</summary>
    public Dictionary<string, string> Images { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked of it, in order.</summary>
    public List<string> Asked { get; } = [];

    public bool IsThere { get; set; } = true;

    public bool TakesSource { get; set; }

    public Task<string?> FindAsync(string image, CancellationToken stop) =>
        Task.FromResult(Images.GetValueOrDefault(image));

    public Task<string> FetchAsync(string image, CancellationToken stop)
    {
        if (!Images.TryGetValue(image, out var digest))
        {
            Note($"fetch {image}");
            Images[image] = digest = $"sha256:{image}";
        }
        return Task.FromResult(digest);
    }

    public Task<IJobRoom> OpenAsync(RoomOrder order, CancellationToken stop)
    {
        Note(
            $"open {order.Job} in {order.Image?.Digest ?? "the machine"} with {string.Join(", ", order.Servers.Select(static one => $"{one.Server.Name} {one.Digest}"))}"
        );
        return Task.FromResult<IJobRoom>(new Room(this, order));
    }

    public Task<int> SweepAsync(CancellationToken stop)
    {
        Note("sweep");
        return Task.FromResult(0);
    }

    private void Note(string text)
    {
        lock (gate)
        {
            Asked.Add(text);
        }
    }

    private sealed class Room(MemoryRooms rooms, RoomOrder order) : IJobRoom
    {
        public IReadOnlyDictionary<string, string> Env =>
            order.Servers.ToDictionary(
                static one => $"{one.Server.Name.ToUpperInvariant()}_HOST",
                one => order.Image is null ? "127.0.0.1" : one.Server.Name
            );

        public Task<TaskEnd> RunAsync(TaskOrder task, Action<string> line, CancellationToken stop)
        {
            rooms.Note($"run {string.Join(' ', task.Words)}");
            return rooms.machine.RunAsync(task, line, stop);
        }

        public Task<string?> VersionAsync(string tool, CancellationToken stop) => Task.FromResult<string?>("3.11");

        public ValueTask DisposeAsync()
        {
            rooms.Note($"close {order.Job}");
            return ValueTask.CompletedTask;
        }
    }
}
