using System.Text.RegularExpressions;
using CsCheck;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Tests.Pipelines;

namespace Fairlead.Tests.Manifests;

public sealed class ShapeFormsTests
{
    [Fact]
    public void What_is_taken_at_the_first_look_also_fits_the_pattern_that_the_schema_says() =>
        Gen.Select(
                AnyPipeline.Of(Enum.GetValues<Shape>()),
                Gen.OneOf(Gen.Char["ab./*-_!~0 \\\n{"], Gen.Char['\0', 'ä']).Array[0, 12]
            )
            .Sample(
                static (shape, letters) =>
                {
                    var text = new string(letters);
                    if (ShapeForms.IsUsual(shape, text))
                    {
                        var pattern = ShapeForms.Of(shape).Schema([])["pattern"]!.GetValue<string>();
                        Assert.Matches(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), text);
                        Assert.DoesNotContain('\n', text);
                    }
                },
                iter: 20_000
            );

    [Theory]
    [InlineData(nameof(Shape.Word), "unit-tests", true)]
    [InlineData(nameof(Shape.Word), "_x", true)]
    [InlineData(nameof(Shape.Word), "1x", false)]
    [InlineData(nameof(Shape.Word), "a b", false)]
    [InlineData(nameof(Shape.Word), "", false)]
    [InlineData(nameof(Shape.Glob), "src/**/*.cs", true)]
    [InlineData(nameof(Shape.Glob), "!src/x", true)]
    [InlineData(nameof(Shape.Glob), "a b/ä", true)]
    [InlineData(nameof(Shape.Glob), "a..b", true)]
    [InlineData(nameof(Shape.Glob), "../a", false)]
    [InlineData(nameof(Shape.Glob), "a/..", false)]
    [InlineData(nameof(Shape.Glob), "/a", false)]
    [InlineData(nameof(Shape.Folder), "web/app", true)]
    [InlineData(nameof(Shape.Folder), ".", true)]
    [InlineData(nameof(Shape.Folder), "..", false)]
    public void What_is_not_taken_at_the_first_look_is_looked_at_again(string shape, string text, bool fits) =>
        Assert.Equal(fits, ShapeForms.Of(Enum.Parse<Shape>(shape)).Accepts(text));
}
