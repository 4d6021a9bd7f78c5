using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>The smallest of what AWS sells that is large enough.</summary>
internal static class AwsSizes
{
    private const double GiB = 1024;

    private static readonly (string Size, double Cores, double Memory)[] Machines =
    [
        ("t3.micro", 2, 1 * GiB),
        ("t3.small", 2, 2 * GiB),
        ("t3.medium", 2, 4 * GiB),
        ("t3.large", 2, 8 * GiB),
        ("t3.xlarge", 4, 16 * GiB),
        ("m7i.2xlarge", 8, 32 * GiB),
        ("m7i.4xlarge", 16, 64 * GiB),
        ("m7i.8xlarge", 32, 128 * GiB),
        ("m7i.16xlarge", 64, 256 * GiB),
        ("m7i.48xlarge", 192, 768 * GiB),
    ];

    private static readonly (string Size, double Cores, double Memory)[] Databases =
    [
        ("db.t4g.micro", 2, 1 * GiB),
        ("db.t4g.small", 2, 2 * GiB),
        ("db.t4g.medium", 2, 4 * GiB),
        ("db.t4g.large", 2, 8 * GiB),
        ("db.m7g.xlarge", 4, 16 * GiB),
        ("db.m7g.2xlarge", 8, 32 * GiB),
        ("db.m7g.4xlarge", 16, 64 * GiB),
        ("db.m7g.8xlarge", 32, 128 * GiB),
        ("db.m7g.16xlarge", 64, 256 * GiB),
    ];

    // A part of a node's memory is its own, so that these are below what they are sold as.
    private static readonly (string Size, double Cores, double Memory)[] Caches =
    [
        ("cache.t4g.micro", 2, 0.5 * GiB),
        ("cache.t4g.small", 2, 1.37 * GiB),
        ("cache.t4g.medium", 2, 3.09 * GiB),
        ("cache.m7g.large", 2, 6.38 * GiB),
        ("cache.m7g.xlarge", 4, 12.93 * GiB),
        ("cache.m7g.2xlarge", 8, 26.04 * GiB),
        ("cache.m7g.4xlarge", 16, 52.26 * GiB),
        ("cache.m7g.8xlarge", 32, 103.68 * GiB),
        ("cache.m7g.16xlarge", 64, 209.55 * GiB),
    ];

    // Of Fargate: units of a thousandth of a core, with the least, the most and the step of memory in MiB.
    private static readonly (int Units, int Least, int Most, int Step)[] Programs =
    [
        (256, 512, 512, 512),
        (256, 1024, 2048, 1024),
        (512, 1024, 4096, 1024),
        (1024, 2048, 8192, 1024),
        (2048, 4096, 16_384, 1024),
        (4096, 8192, 30_720, 1024),
        (8192, 16_384, 61_440, 4096),
        (16_384, 32_768, 122_880, 8192),
    ];

    // What CloudWatch Logs takes; other numbers of days are refused.
    private static readonly int[] DaysOfLogs =
    [
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    ];

    /// <summary>How many days a log can be kept that are at least as many.</summary>
    public static int LogDays(int days) => DaysOfLogs.FirstOrDefault(one => one >= days, DaysOfLogs[^1]);

    /// <summary>Bytes as the whole GiB that hold them.</summary>
    public static int Gigabytes(long bytes) => (int)((bytes + (1L << 30) - 1) >> 30);

    /// <summary>A description as AWS takes it, which has no quotes and other signs, and at most 255 letters.</summary>
    public static string Said(string text) =>
        new([
            .. text.Where(static letter =>
                    char.IsAsciiLetterOrDigit(letter)
                    || " ._-:/()#,@[]+=&;{}!$*".Contains(letter, StringComparison.Ordinal)
                )
                .Take(255),
        ]);

    public static string Machine(MachineSize size) => Of(Machines, size);

    public static string Database(MachineSize size) => Of(Databases, size);

    // Redis works with one thread, so that cores say nothing; and 2 GiB that are asked for are those that a node is sold as.
    public static string Cache(MachineSize size) =>
        Of(Caches, size with { Cores = 0, Memory = (long)(size.Memory * 0.65) });

    /// <summary>What Fargate has for a program: units of processor time and MiB.</summary>
    public static (int Units, int Memory) Program(MachineSize size)
    {
        foreach (var (units, least, most, step) in Programs)
        {
            if (units >= size.Cores * 1024 && most >= size.MemoryMiB)
            {
                return (units, Math.Max(least, (int)((size.MemoryMiB + step - 1) / step * step)));
            }
        }
        return (Programs[^1].Units, Programs[^1].Most);
    }

    private static string Of((string Size, double Cores, double Memory)[] all, MachineSize size)
    {
        foreach (var (name, cores, memory) in all)
        {
            if (cores >= size.Cores && memory >= size.MemoryMiB)
            {
                return name;
            }
        }
        return all[^1].Size;
    }
}
