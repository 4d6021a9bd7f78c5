using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Jobs that a system begins several times at once, and tells each which of them it is.</summary>
public sealed class PartsTests
{
    private const string GitLab = """
        test:
          parallel: 3
          script: ./test.sh "$CI_NODE_INDEX" "$CI_NODE_TOTAL"
          artifacts: { paths: [coverage/], reports: { junit: [reports/*.xml] } }
        """;

    private const string Circle = """
        version: 2.1
        jobs:
          test:
            machine: { image: "ubuntu-2404:current" }
            parallelism: 3
            steps:
              - checkout
              - run: ./test.sh "$CIRCLE_NODE_INDEX" "$CIRCLE_NODE_TOTAL"
        workflows: { all: { jobs: [test] } }
        """;

    private const string Azure = """
        jobs:
        - job: test
          strategy: { parallel: 3 }
          variables: { PART: "part-$(System.JobPositionInPhase)-of-$(System.TotalJobsInPhase)" }
          steps:
          - script: ./test.sh $(System.JobPositionInPhase) "$SYSTEM_TOTALJOBSINPHASE"
        """;

    [Theory]
    [InlineData("gitlab", GitLab, "CI_NODE_INDEX", "CI_NODE_TOTAL", "matrix.shard")]
    [InlineData("circleci", Circle, "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "matrix.shard_index")]
    [InlineData("azure", Azure, "SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", "matrix.shard")]
    public void It_has_shards_that_see_what_the_system_tells_them(string system, params string[] said)
    {
        var (file, number, count, word) = (said[0], said[1], said[2], said[3]);
        var imported = AllVendors.Find(system)!.Read(file, "file", static _ => null);

        var job = Assert.Single(imported.Pipeline.Jobs);
        Assert.Equal(3, job.Shards!.Count);
        Assert.False(job.Shards.AreListed);
        Assert.Equal($"${{{{ {word} }}}}", job.Env[number]);
        Assert.Equal("3", job.Env[count]);
        Assert.DoesNotContain(imported.Notes, static one => one.Fate == Fate.LeftOut);
        Assert.Contains(imported.Notes, static one => one is { Fate: Fate.Mapped, Note: "shards" });
        // It can be read again, which checks every expression of it.
        Assert.Equal(
            PipelineText.Of(imported.Pipeline),
            PipelineText.Of(PipelineReader.Read(PipelineWriter.Write(imported.Pipeline)))
        );
    }

    [Theory]
    [InlineData("gitlab", GitLab, "parallel: 3")]
    [InlineData("circleci", Circle, "parallelism: 3")]
    [InlineData("azure", Azure, "parallel: 3")]
    public void Its_system_gets_it_back_as_it_was(string system, string file, string word)
    {
        var vendor = AllVendors.Find(system)!;
        var imported = vendor.Read(file, "file", static _ => null).Pipeline;

        var written = vendor.Write(imported, ExportMode.Native).Text;

        Assert.Contains(word, written, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIRLEAD_SHARD", written, StringComparison.Ordinal);
        Assert.DoesNotContain("matrix", written, StringComparison.Ordinal);
        var again = vendor.Read(written, "file", static _ => null).Pipeline;
        Assert.Equal(Jobs(imported), Jobs(again));
        Assert.Equal(written, vendor.Write(again, ExportMode.Native).Text);
    }

    [Theory]
    [InlineData("gitlab", GitLab)]
    [InlineData("circleci", Circle)]
    [InlineData("azure", Azure)]
    public void Other_systems_tell_each_the_same_in_the_first_ones_words(string system, string file)
    {
        var imported = AllVendors.Find(system)!.Read(file, "file", static _ => null).Pipeline;
        var number = imported.Jobs[0].Env.First(static one => one.Value.Contains("matrix.", StringComparison.Ordinal));
        foreach (var other in AllVendors.All.Where(one => one.Name != system && one.Write is not null))
        {
            var (text, notes) = other.Write(imported, ExportMode.Native);

            Assert.Contains(number.Key, text, StringComparison.Ordinal);
            // Nothing of it is lost.
            Assert.DoesNotContain(
                notes,
                one =>
                    one.What.Contains(number.Key, StringComparison.Ordinal)
                    || one.Note.Contains("matrix.shard", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void A_count_from_0_comes_from_a_matrix_where_no_system_reckons() =>
        Assert.Contains(
            """
                  matrix:
                    include:
                      - shard: "1"
                        shard_index: "0"
                      - shard: "2"
                        shard_index: "1"
                      - shard: "3"
                        shard_index: "2"
            """,
            AllVendors
                .Find("github")!
                .Write(AllVendors.Find("circleci")!.Read(Circle, "file", static _ => null).Pipeline, ExportMode.Native)
                .Text,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("gitlab", "65")]
    [InlineData("gitlab", "0")]
    [InlineData("gitlab", "-1")]
    [InlineData("gitlab", "$MANY")]
    [InlineData("gitlab", "3.0")]
    [InlineData("circleci", "65")]
    [InlineData("circleci", "<< pipeline.parameters.none >>")]
    [InlineData("azure", "65")]
    [InlineData("azure", "$(MANY)")]
    public void What_cannot_be_counted_is_kept_for_its_system_with_the_reason(string system, string many)
    {
        var file = (
            system switch
            {
                "gitlab" => GitLab,
                "circleci" => Circle,
                _ => Azure,
            }
        )
            .Replace("parallel: 3", $"parallel: \"{many}\"", StringComparison.Ordinal)
            .Replace("parallelism: 3", $"parallelism: \"{many}\"", StringComparison.Ordinal);

        var imported = AllVendors.Find(system)!.Read(file, "file", static _ => null);

        Assert.IsType<Act.Foreign>(Assert.Single(Assert.Single(imported.Pipeline.Jobs).Tasks).Act);
        Assert.Contains(
            imported.Notes,
            static one => one.What.EndsWith("a job has 1 to 64 shards here.", StringComparison.Ordinal)
        );
        Assert.Contains(
            many,
            AllVendors.Find(system)!.Write(imported.Pipeline, ExportMode.Native).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("gitlab", GitLab, "1")]
    [InlineData("circleci", Circle, "0")]
    [InlineData("azure", Azure, "1")]
    public void Once_is_no_shard_and_is_told_the_same(string system, string file, string number)
    {
        file = file.Replace("parallel: 3", "parallel: 1", StringComparison.Ordinal)
            .Replace("parallelism: 3", "parallelism: 1", StringComparison.Ordinal);

        var job = Assert.Single(AllVendors.Find(system)!.Read(file, "file", static _ => null).Pipeline.Jobs);

        Assert.Null(job.Shards);
        Assert.Equal([number, "1"], job.Env.Where(static one => one.Key != "PART").Select(static one => one.Value));
    }

    [Theory]
    [InlineData("gitlab", GitLab, "1 3|2 3|3 3")]
    [InlineData("circleci", Circle, "0 3|1 3|2 3")]
    [InlineData("azure", Azure, "1 3|2 3|3 3")]
    public async Task It_runs_here_as_it_does_there(string system, string file, string seen)
    {
        var imported = AllVendors.Find(system)!.Read(file, "file", static _ => null).Pipeline;
        var machine = new MemoryPipelines();
        var told = new List<string>();
        machine.Commands["bash"] = (order, _) =>
        {
            lock (told)
            {
                told.Add(
                    string.Join(
                        ' ',
                        imported.Jobs[0].Env.Keys.Where(static one => one != "PART").Select(one => order.Env[one])
                    )
                );
            }
            return Task.FromResult<int?>(0);
        };

        // The machine of these tests has one folder.
        await machine.RunAsync(
            PipelineWriter.Write(
                imported with
                {
                    Jobs =
                    [
                        imported.Jobs[0] with
                        {
                            IsApart = false,
                            Tasks = [imported.Jobs[0].Tasks[0] with { Outputs = [] }],
                        },
                    ],
                }
            )
        );

        Assert.Equal(seen, string.Join('|', told.Order(StringComparer.Ordinal)));
    }

    private static string Jobs(Pipeline pipeline) =>
        string.Join(
            '\n',
            PipelineText
                .Of(pipeline)
                .Split('\n')
                .SkipWhile(static one => !one.StartsWith("job ", StringComparison.Ordinal))
        );
}
