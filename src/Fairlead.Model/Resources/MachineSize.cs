namespace Fairlead.Model.Resources;

/// <summary>How large a machine, or the part of one that a program gets, is.</summary>
/// <param name="Cores">Above 0, such as 0.25.</param>
/// <param name="Memory">In bytes, above 0.</param>
public sealed record MachineSize(double Cores, long Memory)
{
    private const long MiB = 1024 * 1024;

    /// <summary>What a program gets when nothing is said: a quarter of a core and 512 MiB.</summary>
    public static MachineSize SmallProgram { get; } = new(0.25, 512 * MiB);

    /// <summary>For a machine of its own: 2 cores and 2 GiB.</summary>
    public static MachineSize SmallMachine { get; } = new(2, 2048 * MiB);

    /// <summary>2 cores and 8 GiB.</summary>
    public static MachineSize MediumMachine { get; } = new(2, 8192 * MiB);

    /// <summary>4 cores and 16 GiB.</summary>
    public static MachineSize LargeMachine { get; } = new(4, 16_384 * MiB);

    public long MemoryMiB => Memory / MiB;
}
