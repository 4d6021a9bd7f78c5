using Fairlead.Engine.Infrastructure.Code;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Tests.Infrastructure;

public class HclTests
{
    [Fact]
    public void Pieces_are_written_as_Terraform_formats_them() =>
        Assert.Equal(
            """
            # Files of users.
            resource "aws_s3_bucket" "uploads" {
              bucket        = "shop-${var.environment}"
              force_destroy = false
              tags = {
                "a b" = "c"
                team  = aws_sns_topic.alarms.arn
              }
              policy = jsonencode({
                Version = "2012-10-17"
              })

              rule {
                days = 30

                inner {}
              }
            }

            """,
            Hcl.Text(
                new Piece(
                    "aws_s3_bucket",
                    "uploads",
                    [
                        new PieceLine.Set("bucket", Join("shop-", new Setting("environment"))),
                        new PieceLine.Set("force_destroy", false),
                        new PieceLine.Set(
                            "tags",
                            Map(("a b", "c"), ("team", new Of("aws_sns_topic", "alarms", "arn")))
                        ),
                        new PieceLine.Set("policy", new Json(Map(("Version", "2012-10-17")))),
                        new PieceLine.Group(
                            "rule",
                            [new PieceLine.Set("days", 30), new PieceLine.Group("inner", [], IsOnly: true)],
                            IsOnly: false
                        ),
                    ]
                )
                {
                    Part = "data",
                    Why = "Files of users.",
                }
            )
        );

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("${file(\"/etc/passwd\")}", "\"$${file(\\\"/etc/passwd\\\")}\"")]
    [InlineData("%{ if true }", "\"%%{ if true }\"")]
    [InlineData("$5 and 10%", "\"$5 and 10%\"")]
    [InlineData("a\nb\\c\u0001", "\"a\\nb\\\\c\\u0001\"")]
    public void A_text_means_itself_whatever_is_in_it(string text, string written) =>
        Assert.Equal(written, Hcl.Value(text, 0));
}
