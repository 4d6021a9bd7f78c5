using System.Text.Json.Nodes;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Pipelines.Files;

namespace Fairlead.Engine.Manifests;

/// <summary>What Fairlead's files may say as JSON Schema (draft 2020-12), so that editors complete and check them while they are typed.</summary>
public static class FileSchema
{
    /// <summary>Of <c>fairlead.yaml</c>.</summary>
    public static JsonObject OfManifest() => Of(AllForms.Manifest, ManifestFile.Name);

    /// <summary>Of <c>fairlead.pipeline.yaml</c>.</summary>
    public static JsonObject OfPipeline() => Of(AllForms.Pipeline, PipelineFile.Name);

    /// <summary>Of <c>fairlead.checks.yaml</c>.</summary>
    public static JsonObject OfChecks() => Of(AllForms.Checks, ChecksFile.Name);

    private static JsonObject Of(RecordForm form, string file)
    {
        JsonObject definitions = [];
        var schema = form.Group(definitions);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", file);
        schema["$defs"] = definitions;
        return schema;
    }
}
