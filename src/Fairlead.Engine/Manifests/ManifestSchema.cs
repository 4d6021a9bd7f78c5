using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>The manifest as JSON Schema (draft 2020-12), so that editors complete and check it while it is typed.</summary>
public static class ManifestSchema
{
    public static JsonObject Generate()
    {
        JsonObject definitions = [];
        var schema = AllForms.Manifest.Group(definitions);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", ManifestFile.Name);
        schema["$defs"] = definitions;
        return schema;
    }
}
