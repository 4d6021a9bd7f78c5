using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Sizes as Azure makes them: the least that is enough.</summary>
internal static class AzureSizes
{
    private const double GiB = 1L << 30;

    // What one copy may have without machines that are kept for it.
    private const double SharedCores = 4;

    private static readonly (string Name, double Cores, double GiB)[] Profiles =
    [
        ("D4", 4, 16),
        ("D8", 8, 32),
        ("D16", 16, 64),
        ("D32", 32, 128),
        ("E16", 16, 128),
        ("E32", 32, 256),
    ];

    private static readonly (string Name, double Cores, double GiB)[] Machines =
    [
        ("Standard_B2als_v2", 2, 4),
        ("Standard_B2as_v2", 2, 8),
        ("Standard_D4as_v5", 4, 16),
        ("Standard_D8as_v5", 8, 32),
        ("Standard_D16as_v5", 16, 64),
        ("Standard_D32as_v5", 32, 128),
        ("Standard_D64as_v5", 64, 256),
        ("Standard_D96as_v5", 96, 384),
    ];

    private static readonly (double Cores, double GiB)[] Servers =
    [
        (2, 8),
        (4, 16),
        (8, 32),
        (16, 64),
        (32, 128),
        (48, 192),
        (64, 256),
    ];

    private static readonly (string Name, double GiB)[] Caches =
    [
        ("Balanced_B0", 0.5),
        ("Balanced_B1", 1),
        ("Balanced_B3", 3),
        ("Balanced_B5", 6),
        ("Balanced_B10", 12),
        ("Balanced_B20", 24),
        ("Balanced_B50", 60),
        ("Balanced_B100", 120),
    ];

    private static readonly int[] PostgresDisks = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];

    /// <summary>Cores and memory of a container, and the profile of machines that are kept for it; null for none.</summary>
    public static (decimal Cores, decimal GiB, string? Profile) Container(MachineSize size)
    {
        var memory = size.Memory / GiB;
        // Twice as many gigabytes as cores, in steps of a quarter of a core.
        var cores = Math.Ceiling(Math.Max(size.Cores, memory / 2) * 4) / 4;
        if (cores <= SharedCores)
        {
            return ((decimal)cores, (decimal)cores * 2, null);
        }
        var profile = Array.Find(Profiles, one => one.Cores >= size.Cores && one.GiB >= memory);
        var (name, most, room) = profile.Name is null ? Profiles[^1] : profile;
        return (
            (decimal)Math.Min(Math.Ceiling(size.Cores * 4) / 4, most),
            (decimal)Math.Min(Math.Ceiling(memory), room),
            name
        );
    }

    public static string Machine(MachineSize size) =>
        Array.Find(Machines, one => one.Cores >= size.Cores && one.GiB >= size.Memory / GiB).Name ?? Machines[^1].Name;

    /// <summary>A server of a database and its tier.</summary>
    /// <param name="isAlone">Whether there is no second one: those that are paid by bursts have none.</param>
    public static (string Name, string Tier) Server(DatabaseEngine engine, MachineSize size, bool isAlone)
    {
        var memory = size.Memory / GiB;
        if (isAlone && size.Cores <= 2 && memory <= 4)
        {
            return ("Standard_B2s", "Burstable");
        }
        var (cores, _) = Array.Find(Servers, one => one.Cores >= size.Cores && one.GiB >= memory);
        var number = cores > 0 ? cores : Servers[^1].Cores;
        return engine is DatabaseEngine.Postgres
            ? ($"Standard_D{number}ds_v5", "GeneralPurpose")
            : ($"Standard_D{number}ads_v5", "GeneralPurpose");
    }

    public static string Cache(MachineSize size) =>
        Array.Find(Caches, one => one.GiB >= size.Memory / GiB).Name ?? Caches[^1].Name;

    /// <summary>Gigabytes of a database's disk.</summary>
    public static int Disk(DatabaseEngine engine, long bytes)
    {
        var wanted = Gigabytes(bytes);
        var found = Array.Find(PostgresDisks, one => one >= wanted);
        return engine is DatabaseEngine.Mysql ? Math.Clamp(wanted, 20, 16_384)
            : found > 0 ? found
            : PostgresDisks[^1];
    }

    public static int Gigabytes(long bytes) => (int)Math.Ceiling(bytes / GiB);

    /// <summary>Megabytes of a function: one of three.</summary>
    public static int Function(MachineSize size) =>
        size.MemoryMiB switch
        {
            <= 512 => 512,
            <= 2048 => 2048,
            _ => 4096,
        };
}
