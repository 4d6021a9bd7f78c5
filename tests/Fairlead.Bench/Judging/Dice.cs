namespace Fairlead.Bench.Judging;

/// <summary>Random numbers from a seed (xoshiro256++): the same on every machine and runtime, and fast enough for billions.</summary>
internal sealed class Dice
{
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    public Dice(ulong seed)
    {
        (a, b, c, d) = (Mix(ref seed), Mix(ref seed), Mix(ref seed), Mix(ref seed));
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(a + d, 23) + a;
        var shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = ulong.RotateLeft(d, 45);
        return result;
    }

    /// <summary>From 0 up to, but not, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(Unit() * limit);

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>How many of a Poisson process fall into a span in which so many are expected.</summary>
    public int Poisson(double expected)
    {
        if (expected > 60)
        {
            return Math.Max(0, (int)Math.Round(expected + (Math.Sqrt(expected) * Normal())));
        }
        var (count, product, limit) = (0, Unit(), Math.Exp(-expected));
        while (product > limit)
        {
            count++;
            product *= Unit();
        }
        return count;
    }

    /// <summary>At least 1.</summary>
    public int Geometric(double mean)
    {
        var count = 1;
        while (Unit() > 1 / mean)
        {
            count++;
        }
        return count;
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        var mixed = (state ^ state >> 30) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D0_49BB_1331_11EB;
        return mixed ^ mixed >> 31;
    }
}
