using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Vendors.GitHub;

namespace Fairlead.Tests.Pipelines.Vendors;

public sealed class ForeignYamlTests
{
    [Fact]
    public void What_is_kept_is_written_as_it_was_also_where_it_is_empty()
    {
        const string Text = """
            permissions: {}
            branches: []
            push:
            steps:
              - uses: a/b@v1
                with: {}
              - {}
              - []
              -
                - one
                - deep: {}
            on: true
            level: 3
            """;
        var kept = ForeignYaml.Of(YamlReader.Read(Text, new Findings("file"))!).ToString();

        Assert.Equal(
            """
            permissions: {}
            branches: []
            push:
            steps:
              - uses: a/b@v1
                with: {}
              - {}
              - []
              -
                - one
                - deep: {}
            on: true
            level: 3

            """,
            kept
        );
        Assert.Equal(kept, ForeignYaml.Of(YamlReader.Read(kept, new Findings("file"))!).ToString());
    }
}
