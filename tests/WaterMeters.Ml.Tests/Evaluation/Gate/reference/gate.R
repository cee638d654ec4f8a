# Creates gate.json: the interval, the p-value and the sign test of ten fixed sets, by R and its package boot.
#   Rscript gate.R > gate.json      (Debian: r-base-core r-cran-boot r-cran-jsonlite)
# The resample indices and the signs come from the generator x <- 16807 x mod (2^31 - 1) (Park and Miller, 1988), which doubles hold
# exactly, so that a reader of the file can create the same ones: first all indices, resample by resample, then all signs.
library(boot)
library(jsonlite)

park.miller <- function(seed, count) {
  x <- numeric(count)
  for (i in seq_len(count)) x[i] <- seed <- (16807 * seed) %% 2147483647
  x
}

sets <- list(
  gaussian = round(sin(1:40 * 1.7) * 0.1 + 0.02, 4),
  zero.mean = round(cos(1:60 * 2.3) * 0.08, 4),
  skewed = round(exp(sin(1:50 * 0.9)) / 20 - 0.06, 4),
  heavy = c(round(sin(1:97) * 0.01, 4), 0.8, -0.8, 0.8),
  mostly.zero = c(rep(0, 30), 0.01, 0.02, -0.01, 0.03, 0.02),
  one.outlier = c(rep(c(0.001, -0.001), 20), 0.9),
  few = c(0.1, -0.2, 0.3, 0.05, -0.01, 0.2, 0.15),
  worse = round(sin(1:30 * 3.1) * 0.02 - 0.03, 4),
  ties = rep(c(-0.1, 0, 0.1, 0.2), 10),
  large = round(sin(1:250 * 1.3) * 0.1 + cos(1:250) * 0.05 + 0.005, 4))
misses <- list(c(0, 0), c(1, 0), c(3, 0), c(4, 0), c(4, 1), c(5, 1), c(2, 7), c(7, 2), c(10, 10), c(30, 15))
resamples <- 999

answers <- lapply(seq_along(sets), function(s) {
  x <- sets[[s]]
  n <- length(x)
  draws <- park.miller(s, 2 * resamples * n)
  indices <- matrix((draws[1:(resamples * n)] * n) %/% 2147483647 + 1, nrow = resamples, byrow = TRUE)
  signs <- matrix(ifelse(draws[(resamples * n + 1):(2 * resamples * n)] < 1073741824, -1, 1), nrow = resamples, byrow = TRUE)

  # boot.ci counts only resamples below the observed mean; ours counts equal ones half. So its steps are repeated here,
  # with its own interpolation; without ties, boot.ci itself must agree.
  observed <- mean(x)
  means <- apply(indices, 1, function(i) mean(x[i]))
  tolerance <- 1e-12 * max(abs(x))
  below <- sum(means < observed - tolerance) + 0.5 * sum(abs(means - observed) <= tolerance)
  bias <- qnorm(below / resamples)
  influence <- x - observed
  acceleration <- sum(influence^3) / (6 * sum(influence^2)^1.5)
  z <- bias + qnorm(c(0.025, 0.975))
  adjusted <- pnorm(bias + z / (1 - acceleration * z))
  bounds <- boot:::norm.inter(means, adjusted)[, 2]
  if (!any(abs(means - observed) <= tolerance)) {
    object <- structure(list(t0 = observed, t = matrix(means), R = resamples, data = x, sim = "ordinary", stype = "i", strata = rep(1, n), weights = rep(1 / n, n),
      statistic = function(d, i) mean(d[i]), call = quote(boot(x, statistic, resamples))), class = "boot")
    theirs <- boot.ci(object, type = "bca", L = influence)$bca[4:5]
    stopifnot(max(abs(theirs - bounds)) < 1e-12)
  }

  sums <- as.vector(signs %*% x)
  p <- (1 + sum(sums >= sum(x) - 1e-12 * sum(abs(x)))) / (1 + resamples)
  list(name = names(sets)[s], seed = s, differences = x, mean = observed, lower = bounds[1], upper = bounds[2], p = p,
    misses = misses[[s]], misses.p = if (sum(misses[[s]]) == 0) 1 else binom.test(misses[[s]], alternative = "greater")$p.value)
})
cat(toJSON(list(R = R.version.string, boot = as.character(packageVersion("boot")), resamples = resamples, sets = answers), auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
