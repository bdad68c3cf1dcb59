namespace Shelf;

public static class Label
{
    public static string Text => "shelf 2";
}
