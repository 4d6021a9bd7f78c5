using System.Text;
using System.Text.Json;
using Fairlead.Model.Web;

namespace Fairlead.Tests.Web;

public sealed class JsonTextsTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":["\ud800"]}""")]
    [InlineData("""{"a":[[[1]]]}""")]
    [InlineData("{")]
    [InlineData("")]
    public void What_nobody_can_ask_for_or_means_two_things_is_refused_as_no_JSON(string json) =>
        Assert.ThrowsAny<JsonException>(() => JsonTexts.Read(json, depthMax: 3));

    // No attribute can hold it.
    [Fact]
    public void Half_a_letter_is_refused_unescaped_too() =>
        Assert.ThrowsAny<JsonException>(() => JsonTexts.Read($"{{\"a\":\"{'\ud800'}\"}}"));

    [Fact]
    public async Task A_mark_of_the_order_of_bytes_is_none_of_it()
    {
        using var body = new MemoryStream([.. Encoding.UTF8.Preamble, .. """{"a":"ä\ud83d\ude00"}"""u8]);

        Assert.Equal("ä😀", (string?)(await JsonTexts.ReadAsync(body, TestContext.Current.CancellationToken))!["a"]);
    }
}
