using Fairlead.Engine.Deploying;
using Fairlead.Engine.Judging;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using static Fairlead.Tests.Judging.EvidenceSample;

namespace Fairlead.Tests.Deploying;

public sealed class EvidencePagesTests
{
    private static readonly Site Shop = new("shop", "production");

    [Fact]
    public void Evidence_is_written_a_page_at_a_time_and_read_as_it_was()
    {
        var blocks = Judging.EvidenceSample.Drawn(40, failed: 0.01, median: 60).ToList();
        var pages = new SortedDictionary<string, Document>(StringComparer.Ordinal);
        for (var count = 1; count <= blocks.Count; count++)
        {
            var write = EvidencePages.LastOf(Shop, "d1", Of(blocks.Take(count)));
            pages[write.Key] = new(write.Key, 1, write.Body!);
        }

        var read = EvidencePages.Read([.. pages.Values])!;

        Assert.Equal(["000000", "000001", "000002"], pages.Keys.Select(key => key[^6..]));
        Assert.Equal(blocks, read.Blocks);
        Assert.Equal((Canary, Baseline, Start), (read.Canary, read.Baseline, read.Began));
        Assert.Null(EvidencePages.Read([]));
    }

    [Fact]
    public void Only_the_youngest_deployments_keep_their_evidence()
    {
        var pages =
            from number in Enumerable.Range(0, EvidencePages.DeploymentsMax + 2)
            from service in new[] { "api", "web" }
            let evidence = new Evidence(new Part(service, 2), new Part(service, 1), Start.AddHours(number), [])
            let key = $"{EvidencePages.KeyOf(Shop, $"d{99 - number}", service)}/000000"
            select new Document(key, 1, Records.Body(evidence));

        Assert.Equal(
            [
                "shop/production/d98/api/000000",
                "shop/production/d98/web/000000",
                "shop/production/d99/api/000000",
                "shop/production/d99/web/000000",
            ],
            EvidencePages.Old([.. pages]).Select(write => write.Key).Order(StringComparer.Ordinal)
        );
    }
}
