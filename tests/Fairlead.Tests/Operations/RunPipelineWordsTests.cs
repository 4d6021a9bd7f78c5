using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Pipelines.Reports;

namespace Fairlead.Tests.Operations;

public sealed class RunPipelineWordsTests
{
    [Theory]
    [InlineData("""{"folder":"/w"}""", true)]
    [InlineData("""{"folder":"/w","file":"a.yaml","event":"push","noCache":true,"jobs":["a","b"]}""", true)]
    [InlineData("""{"folder":"/w","jobs":[]}""", true)]
    [InlineData("""{"folder":"/w","cores":2,"strict":true}""", false)]
    [InlineData("""{"folder":"/w","on":"kubernetes"}""", false)]
    [InlineData("""{"folder":"/w","jobs":"a"}""", false)]
    [InlineData("""{"folder":"/w","jobs":["a",1]}""", false)]
    [InlineData("""{"folder":"/w","file":null}""", false)]
    [InlineData("""{"folder":3}""", false)]
    [InlineData("""{"Folder":"/w"}""", false)]
    [InlineData("""{"folder":"/w","nonsense":true}""", false)]
    public void What_is_read_by_hand_is_what_the_serializer_reads_and_the_rest_is_left_to_it(string text, bool isUsual)
    {
        var input = JsonNode.Parse(text)!.AsObject();
        var read = RunPipelineWords.Read(input);

        Assert.Equal(isUsual, read is not null);
        if (read is not null)
        {
            Assert.Equal(Text(input.Deserialize<RunPipeline.Input>(Schemas.Json)!), Text(read));
        }
    }

    [Fact]
    public void What_is_written_by_hand_is_what_the_serializer_writes_and_the_rest_is_left_to_it()
    {
        var tasks = new Dictionary<string, int> { ["up to date"] = 36, ["done"] = 1 };
        var output = new RunPipeline.Output("ci", "1f", "72 ms", "3 ms", tasks, [], null, null, []);

        Assert.Equal(
            JsonSerializer.SerializeToNode(output, Schemas.Json)!.ToJsonString(),
            RunPipelineWords.Write(output)!.ToJsonString()
        );
        Assert.Null(RunPipelineWords.Write(output with { Flaky = ["a/b"] }));
        Assert.Null(RunPipelineWords.Write(output with { Tests = TestSummary.Nothing }));
    }

    private static string Text(RunPipeline.Input input) => JsonSerializer.Serialize(input, Schemas.Json);
}
