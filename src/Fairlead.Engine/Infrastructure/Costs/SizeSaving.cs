using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>What another size would spare, where what is paid follows the size. Pure.</summary>
public static class SizeSaving
{
    private const string Processors = "processors";
    private const string Memory = "memory";

    // Prices are rounded, and a book of one's own may differ a little.
    private const decimal Tolerance = 0.02m;

    /// <summary>
    /// Of containers on Fargate, whatever their number: what is paid for processors and for memory goes with each of them. Fargate sells steps, so
    /// a smaller program may spare nothing.
    /// </summary>
    /// <param name="parts">What the service costs.</param>
    /// <param name="asked">What it asks for now.</param>
    /// <returns>US dollars a month, below 0 where it costs more; null where it is not known, as where the infrastructure has another size than was asked for.</returns>
    public static decimal? Of(IReadOnlyList<PlannedCost> parts, MachineSize asked, MachineSize wanted)
    {
        var (processors, memory) = (Sum(parts, Processors), Sum(parts, Memory));
        var (had, has) = (AwsSizes.Program(asked), AwsSizes.Program(wanted));
        if (processors <= 0 || memory <= 0 || had.Units <= 0 || GigabyteOfCore() is not { } ratio)
        {
            return null;
        }
        var expected = processors * ratio * had.Memory / had.Units;
        return Math.Abs(memory - expected) <= expected * Tolerance
            ? Math.Round(
                processors * (had.Units - has.Units) / had.Units + memory * (had.Memory - has.Memory) / had.Memory,
                2
            )
            : null;
    }

    private static decimal Sum(IReadOnlyList<PlannedCost> parts, string part) =>
        parts
            .Where(one => one.Part == part && one.What.Contains("aws_ecs_service.", StringComparison.Ordinal))
            .Sum(static one => one.Monthly);

    // What a gigabyte is paid in cores: the same wherever Fargate is.
    private static decimal? GigabyteOfCore() =>
        PriceBook.Usual.Find("fargate/x86_64/memory", "gigabyte-hour", "us-east-1")
        / PriceBook.Usual.Find("fargate/x86_64/cpu", "hour", "us-east-1");
}
