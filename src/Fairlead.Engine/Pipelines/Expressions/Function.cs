namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="Least">How many values it must be given.</param>
/// <param name="Most">How many it may be given.</param>
internal sealed record Function(string Name, int Least, int Most, string Example)
{
    /// <summary>Whether it takes an odd number of values.</summary>
    public bool IsOdd { get; init; }

    /// <summary>Whether it asks how things went: a condition with one of these does not ask for success by itself.</summary>
    public bool AsksStatus { get; init; }

    public string Takes =>
        (Least, Most) switch
        {
            _ when IsOdd => $"an odd number of them, {Least} or more",
            (0, 0) => "none",
            var (least, most) when least == most => least == 1 ? "one" : $"{least}",
            (_, >= ManyMax) => $"{Least} or more, at most {ManyMax}",
            _ => $"{Least} or {Most}",
        };

    public const int ManyMax = 255;
}
