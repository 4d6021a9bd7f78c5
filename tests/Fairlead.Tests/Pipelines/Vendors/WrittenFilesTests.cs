using CsCheck;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Jenkins;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>One pipeline as the file of each system, beside what was expected, and any pipeline at all.</summary>
public sealed class WrittenFilesTests
{
    [Theory]
    [InlineData("azure", ExportMode.Native)]
    [InlineData("azure", ExportMode.Thin)]
    [InlineData("circleci", ExportMode.Native)]
    [InlineData("circleci", ExportMode.Thin)]
    [InlineData("github", ExportMode.Native)]
    [InlineData("github", ExportMode.Thin)]
    [InlineData("gitlab", ExportMode.Native)]
    [InlineData("gitlab", ExportMode.Thin)]
    [InlineData("jenkins", ExportMode.Native)]
    [InlineData("jenkins", ExportMode.Thin)]
    public void Pipelines_are_written_as_an_expert_would_and_every_loss_is_said(string system, ExportMode mode)
    {
        Same("wide.yaml", system, mode, mode.ToString().ToLowerInvariant());
    }

    [Theory]
    [InlineData("azure")]
    [InlineData("circleci")]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("jenkins")]
    public void Shards_are_what_the_system_has_for_them_or_values_of_a_matrix_and_part_their_tests_by_number(
        string system
    ) => Same("shards.yaml", system, ExportMode.Native, "shards");

    private static void Same(string file, string system, ExportMode mode, string name)
    {
        var pipeline = PipelineReader.Read(File.ReadAllText(Path.Combine(VendorFiles.Folder, "Exports", file)));
        var exported = AllVendors.Find(system)!.Write(pipeline, mode);
        var (sign, extension) = system == "jenkins" ? ("//", "Jenkinsfile") : ("#", "yml");
        var notes = exported.Notes.Select(one => $"{sign} {one.Where} {one.Fate}: {one.What} {one.Note}\n");
        VendorFiles.Same(
            Path.Combine("Exports", $"{system}-{name}.{extension}"),
            $"{exported.Text}\n{string.Concat(notes)}"
        );
    }

    [Fact]
    public void Any_pipeline_can_be_written_and_what_is_written_can_be_read() =>
        AnyPipeline.All.Sample(
            static pipeline =>
            {
                foreach (var vendor in AllVendors.All)
                {
                    foreach (var mode in Enum.GetValues<ExportMode>())
                    {
                        var text = vendor.Write(pipeline, mode).Text;
                        Assert.Equal(text, vendor.Write(pipeline, mode).Text);
                        var findings = new Findings("file");
                        _ =
                            vendor.Name == "jenkins"
                                ? (object?)GroovyReader.Read(text, findings)
                                : YamlReader.Read(text, findings);
                        Assert.True(findings.IsEmpty, text);
                        var again = vendor.Read(text, "file", static _ => null).Pipeline;
                        Assert.Equal(
                            PipelineText.Of(again),
                            PipelineText.Of(PipelineReader.Read(PipelineWriter.Write(again)))
                        );
                    }
                }
            },
            iter: 300
        );
}
