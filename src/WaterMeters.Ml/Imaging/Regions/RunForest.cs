namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Disjoint sets of runs that form regions: joined by size, with path halving (R.E. Tarjan, J. van Leeuwen,
/// "Worst-case analysis of set union algorithms", 1984). Four bytes a run: a root stores the pixels of its set as a negative
/// number, any other run the index of its parent.
/// </summary>
internal sealed class RunForest
{
    private int[] parents = [];

    /// <summary>Number of runs there is room for.</summary>
    public int Capacity => parents.Length;

    /// <summary>Makes room for <paramref name="capacity"/> runs and keeps the existing ones; shrinking frees memory.</summary>
    public void Resize(int capacity) => Array.Resize(ref parents, capacity);

    /// <summary>Adds run <paramref name="run"/> as a set of its own.</summary>
    public void Add(int run, int pixels) => parents[run] = -pixels;

    /// <summary>Returns whether the run is the root of its set.</summary>
    public bool IsRoot(int run) => parents[run] < 0;

    /// <summary>Returns the number of pixels in the set of <paramref name="root"/>.</summary>
    public int Pixels(int root) => -parents[root];

    /// <summary>Finds the root of the set that contains the run.</summary>
    public int Root(int run)
    {
        int parent = parents[run];
        while (parent >= 0)
        {
            int above = parents[parent];
            if (above < 0) return parent;

            parents[run] = above;
            run = above;
            parent = parents[run];
        }

        return run;
    }

    /// <summary>Merges the sets of two runs.</summary>
    public void Join(int first, int second)
    {
        int a = Root(first), b = Root(second);
        if (a == b) return;

        if (parents[a] > parents[b]) (a, b) = (b, a);
        parents[a] += parents[b];
        parents[b] = a;
    }
}
