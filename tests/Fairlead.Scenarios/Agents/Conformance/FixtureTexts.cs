using System.ComponentModel;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Scenarios.Agents.Conformance;

/// <summary>The suite's prompts and resources.</summary>
internal static class FixtureTexts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("Without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("With two arguments.")]
    public static string WithArguments(string arg1, string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("With a resource in it.")]
    public static IEnumerable<PromptMessage> WithResource(string resourceUri) =>
        [
            Says(
                new EmbeddedResourceBlock
                {
                    Resource = new TextResourceContents
                    {
                        Uri = resourceUri,
                        MimeType = "text/plain",
                        Text = "Embedded resource content for testing.",
                    },
                }
            ),
            Says(new TextContentBlock { Text = "Please process the embedded resource above." }),
        ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("With a picture in it.")]
    public static IEnumerable<PromptMessage> WithImage() =>
        [
            Says(ImageContentBlock.FromBytes(FixtureTools.Picture, "image/png")),
            Says(new TextContentBlock { Text = "Please analyze the image above." }),
        ];

    [McpServerResource(UriTemplate = "test://static-text", Name = "static text", MimeType = "text/plain")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "static picture", MimeType = "image/png")]
    public static ResourceContents Binary() =>
        BlobResourceContents.FromBytes(FixtureTools.Picture, "test://static-binary", "image/png");

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "watched", MimeType = "text/plain")]
    public static string Watched() => "Somebody watches this.";

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    public static string Templated(string id) =>
        new JsonObject
        {
            ["id"] = id,
            ["templateTest"] = true,
            ["data"] = $"Data for ID: {id}",
        }.ToJsonString();

    private static PromptMessage Says(ContentBlock content) => new() { Role = Role.User, Content = content };
}
