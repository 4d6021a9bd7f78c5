using CsCheck;
using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Drivers.Formats.Otlp.Translation;

namespace Fairlead.Tests.Drivers.Formats.Otlp;

public sealed class ExponentialBucketTests
{
    private static readonly Gen<OtlpBuckets> Buckets = Gen.Select(
        Gen.Int[-3_000, 3_000],
        Gen.ULong[0, 3].List[0, 200],
        (offset, counts) => new OtlpBuckets(offset, counts)
    );

    [Fact]
    public void However_wide_bounds_rise_counts_rise_none_is_lost_and_there_are_not_too_many() =>
        Gen.Select(Gen.Int[-12, 22], Gen.ULong[0, 5], Buckets, Buckets)
            .Sample(
                (scale, zeros, positive, negative) =>
                {
                    var folded = ExponentialBuckets.Fold(
                        new()
                        {
                            Scale = scale,
                            ZeroCount = zeros,
                            Positive = positive,
                            Negative = negative,
                        }
                    );
                    for (var i = 1; i < folded.Count; i++)
                    {
                        Assert.True(folded[i].Bound > folded[i - 1].Bound);
                        Assert.True(folded[i].Count >= folded[i - 1].Count);
                    }
                    var all =
                        (double)zeros + positive.Counts.Sum(one => (long)one) + negative.Counts.Sum(one => (long)one);
                    Assert.True(folded.Count == 0 || folded[^1].Count <= all);
                    Assert.InRange(folded.Count, 0, (2 * (ExponentialBuckets.BucketsMax + 2)) + 1);
                },
                iter: 3_000
            );

    [Fact]
    public void Every_value_is_at_or_below_the_bound_that_counts_it() =>
        Gen.Select(Gen.Int[-2, 10], Gen.Double[0.001, 100_000])
            .Sample(
                (scale, value) =>
                {
                    // The bucket of a value by the definition: the largest index whose lower bound is below it.
                    var index = (int)Math.Ceiling(Math.Log2(value) * Math.Pow(2, scale)) - 1;
                    var folded = ExponentialBuckets.Fold(new() { Scale = scale, Positive = new(index, [1]) });
                    var bound = folded.First(one => one.Count == 1).Bound;
                    var exact = Math.Pow(2, (index + 1) / Math.Pow(2, scale));
                    Assert.InRange(bound, exact * (1 - 1e-9), exact * Math.Sqrt(2) * (1 + 1e-9));
                },
                iter: 3_000
            );
}
